package dev.sluice.auto;

import dev.sluice.Explanation;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.spi.TransportProvider;

import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Listens with every transport that is available here, behind one {@code auto://} address. It owns the transports; make one
 * {@linkplain Transport#newQueue queue}, or one {@link dev.sluice.driver.Driver}, for each of {@link #transports()}, and
 * accept a request on that of its {@link AutoRequest#transport()}. All methods are for any thread, virtual ones too.
 *
 * <p>An address of one transport, such as {@code tcp://host:port}, is taken as well: then that one listens, and no
 * rendezvous.
 *
 * <pre>{@code
 * try (AutoListener listener = AutoListener.open(URI.create("auto://192.0.2.1:7171"), Options.none())) {
 *     AutoRequest request = listener.accept(Duration.ofMinutes(1)).orElseThrow();
 *     Connection connection = request.accept(queues.get(request.transport()), Options.none());
 * }
 * }</pre>
 */
public final class AutoListener implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("dev.sluice.auto");

    private final Front front;

    private AutoListener(Front front) {
        this.front = front;
    }

    /**
     * Listens. A transport that is available and cannot listen there is left out; the log {@code dev.sluice.auto} and
     * {@link #explanation()} say why.
     *
     * @param local {@code auto://host:port}, where port 0 takes any. Binds to that address alone; to all only when it says
     *        so ({@code auto://0.0.0.0:port}, {@code auto://[::]:port}). Or any address that {@link Transport#listen} takes
     * @param options of the listener and, as defaults, of its connections; win over the URI's query
     * @return the listener
     * @throws SluiceException when no transport can listen, or the address cannot be used
     * @throws IllegalArgumentException for an option that no transport knows
     */
    public static AutoListener open(URI local, Options options) throws SluiceException {
        return open(local, options, TransportProvider.all());
    }

    static AutoListener open(URI local, Options options, Collection<TransportProvider> providers)
            throws SluiceException {
        if (!AutoDial.isNeededFor(local)) {
            TransportProvider provider = TransportProvider.require(local, providers);
            URI opening = withoutPlace(local);
            return new AutoListener(new SingleFront(Part.open(provider, opening, local, options)));
        }
        Front front = RendezvousFront.open(AutoAddress.parse(local, providers, options), providers);
        LOG.log(System.Logger.Level.INFO,
                () -> "listening at " + front.address() + ", asked for " + front.explanation());
        return new AutoListener(front);
    }

    /** The options alone: some transports open a device by the host. */
    private static URI withoutPlace(URI local) {
        return URI.create(local.getScheme() + ":///" + (local.getRawQuery() == null ? "" : "?" + local.getRawQuery()));
    }

    /**
     * Where it listens, in a form that {@link dev.sluice.Sluice#open} and {@link Transport#connect} take; with the real port
     * when 0 was asked for.
     *
     * @return the address
     */
    public URI address() {
        return front.address();
    }

    /**
     * The transports that listen: each needs a queue of its own. They are this listener's, and closed with it.
     *
     * @return the best first, at least one
     */
    public List<Transport> transports() {
        return front.parts().stream().map(Part::transport).toList();
    }

    /**
     * Which transports are offered, and why others are not.
     *
     * @return the explanation
     */
    public Explanation explanation() {
        return front.explanation();
    }

    /**
     * Waits for a peer, by whichever transport it comes.
     *
     * @param limit the longest wait
     * @return the request, or empty when the time ran out
     * @throws SluiceException when the listener is closed or fails
     * @throws InterruptedException when the waiting thread is interrupted
     */
    public Optional<AutoRequest> accept(Duration limit) throws SluiceException, InterruptedException {
        return Optional.ofNullable(front.poll(limit));
    }

    /** Stops listening, and closes the transports with all that was made of them. Idempotent, bounded. */
    @Override
    public void close() {
        front.close();
    }
}
