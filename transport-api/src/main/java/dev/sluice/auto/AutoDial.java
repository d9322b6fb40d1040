package dev.sluice.auto;

import dev.sluice.Option;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.spi.TransportProvider;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;

/**
 * For transports: how a connection to an {@code auto://} address is dialed, after its rendezvous was asked. It is good for
 * one dial.
 */
public final class AutoDial {

    private final URI address;
    private final Options options;

    private AutoDial(URI address, Options options) {
        this.address = address;
        this.options = options;
    }

    /**
     * Whether a rendezvous must be asked first.
     *
     * @param peer an address to connect to
     * @return true for {@code auto://}
     */
    public static boolean isNeededFor(URI peer) {
        return peer.getScheme() != null && peer.getScheme().toLowerCase(Locale.ROOT).equals(Auto.SCHEME);
    }

    /**
     * Asks the rendezvous. Blocks up to the connect timeout; what is left of it is that of the returned options.
     *
     * @param peer {@code auto://host:port}
     * @param scheme that of the transport
     * @param known its options
     * @param defaults what its connections start from
     * @param options of this connection
     * @return where to dial, and with which options
     * @throws SluiceException when the rendezvous cannot be asked, or the peer does not offer this transport
     * @throws IllegalArgumentException for an option that no transport knows
     */
    public static AutoDial ask(URI peer, String scheme, Collection<Option<?>> known, Options defaults, Options options)
            throws SluiceException {
        AutoAddress rendezvous = AutoAddress.parse(peer, TransportProvider.all(), options);
        Options complete = defaults.with(rendezvous.optionsFor(known));
        long deadlineNs = System.nanoTime() + complete.get(StandardOptions.CONNECT_TIMEOUT).toNanos();
        Answer answer = Inquiry.ask(rendezvous,
                new Hello(Hello.Purpose.CONNECT, MemorySegment.ofArray(StandardOptions.metadata(complete))),
                deadlineNs);
        URI address = answer.offers().get(scheme);
        if (address == null) {
            throw new SluiceException("the peer does not offer '" + scheme + "', only " + answer.offers().keySet(), 0,
                    peer.toString(), "Open the address itself, then what both ends have is chosen");
        }
        Duration left = Duration.ofNanos(Math.max(1_000_000, deadlineNs - System.nanoTime()));
        return new AutoDial(address, complete.with(StandardOptions.METADATA, answer.token().toMetadata())
                .with(StandardOptions.CONNECT_TIMEOUT, left));
    }

    /**
     * Where to dial.
     *
     * @return an address of the transport
     */
    public URI address() {
        return address;
    }

    /**
     * The connection's options; the metadata is the token that the rendezvous gave.
     *
     * @return the complete options
     */
    public Options options() {
        return options;
    }
}
