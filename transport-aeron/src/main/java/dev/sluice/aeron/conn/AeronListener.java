package dev.sluice.aeron.conn;

import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.aeron.data.Link;
import dev.sluice.aeron.driver.Clients;
import dev.sluice.aeron.driver.Clients.Client;
import dev.sluice.aeron.driver.Names;
import dev.sluice.internal.control.ConnectionFactory;
import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.ControlledListener;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Refusal;
import dev.sluice.internal.frames.Terms;
import dev.sluice.spi.SluiceUri;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import org.agrona.DirectBuffer;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Listens at one address for hellos. The public methods are for any thread, the others for the control thread. */
final class AeronListener extends ControlledListener<AeronRequest> {
    /** Where hellos go over UDP. */
    static final int HELLO_STREAM = 0x51C0;
    private static final int HELLOS_PER_LOOK = 16;

    private final Pulse pulse;
    private final ConnectionFactory<Link> factory;
    private final Consumer<AeronListener> onClose;
    private final Refusals refusals;
    private final Client client;
    private final Subscription hellos;
    private final URI address;
    private final String endpoint;
    private final boolean isLocal;
    private final String name;
    private final List<AeronRequest> waiting = new ArrayList<>();
    private final FragmentHandler hearing = this::hear;
    private final AtomicBoolean freed = new AtomicBoolean();
    private final Runnable onNews;
    private final boolean isTold;

    private AeronListener(ControlLoop loop, Pulse pulse, Options options, ConnectionFactory<Link> factory,
            Consumer<AeronListener> onClose, Refusals refusals, Place place) {
        super(loop, options);
        this.pulse = pulse;
        this.factory = factory;
        this.onClose = onClose;
        this.refusals = refusals;
        client = place.client;
        hellos = place.hellos;
        address = place.address;
        endpoint = place.endpoint;
        isLocal = place.isLocal;
        name = place.name;
        onNews = pulse::stir;
        isTold = client.tell(onNews);
        client.seek();
    }

    /** Where it listens: made on the caller's thread. */
    private record Place(Client client, Subscription hellos, URI address, String endpoint, boolean isLocal,
            String name) {}

    /** Listens. Any thread; resolves the host on it. */
    static AeronListener open(ControlLoop loop, Pulse pulse, Drivers drivers, SluiceUri local, Options options,
            ConnectionFactory<Link> factory, Refusals refusals, Consumer<AeronListener> onClose)
            throws SluiceException {
        Terms.of(options);
        Channels.of(options, true);
        requireBacklog(options);
        Client client = drivers.use();
        AeronListener listener = null;
        try {
            Place place = Addresses.isIpc(local) ? named(client, local) : bound(client, local);
            listener = new AeronListener(loop, pulse, options, factory, onClose, refusals, place);
        } finally {
            if (listener == null) {
                client.release();
            }
        }
        return listener.begin(local);
    }

    private AeronListener begin(SluiceUri local) throws SluiceException {
        boolean begun = false;
        try {
            AeronListener self = open(loop(), local.toString(), handover -> {
                pulse.add(this);
                handover.offer(this);
            });
            begun = true;
            return self;
        } finally {
            if (!begun) {
                free();
            }
        }
    }

    private static Place named(Client client, SluiceUri local) throws SluiceException {
        String asked = Addresses.name(local);
        String name = asked.isEmpty() ? UUID.randomUUID().toString() : asked;
        int stream = Reply.newStream();
        URI address = Addresses.ofName(name);
        Subscription hellos = subscribe(client, "", stream);
        boolean taken = false;
        try {
            Names.take(client.driver(), name, stream);
            client.serveOthers();
            taken = true;
            return new Place(client, hellos, address, "", true, name);
        } finally {
            if (!taken) {
                hellos.close();
            }
        }
    }

    private static Place bound(Client client, SluiceUri local) throws SluiceException {
        InetSocketAddress free = Addresses.free(Addresses.resolve(local));
        String endpoint = Channels.endpoint(free);
        return new Place(client, subscribe(client, endpoint, HELLO_STREAM), Addresses.toUri(free), endpoint,
                Addresses.isLocal(free.getAddress()), "");
    }

    private static Subscription subscribe(Client client, String endpoint, int stream) throws SluiceException {
        try {
            return client.aeron().addSubscription(Channels.in(endpoint), stream);
        } catch (AeronException e) {
            throw Wiring.failure(e, endpoint);
        }
    }

    @Override
    public URI address() {
        return address;
    }

    @Override
    protected void onClose() {
        onClose.accept(this);
    }

    ConnectionFactory<Link> factory() {
        return factory;
    }

    Pulse pulse() {
        return pulse;
    }

    Refusals refusals() {
        return refusals;
    }

    /** Where it listens, as Aeron writes it. */
    String endpoint() {
        return endpoint;
    }

    /** The directory of the driver. */
    Path driver() {
        return client.driver();
    }

    /** A client for one connection; to be released. */
    Client use() throws SluiceException {
        return Clients.at(client.driver());
    }

    Channels channels(Options options) {
        return Channels.of(options, isLocal);
    }

    /** Whether nobody tells that a hello comes. */
    boolean isUntold() {
        return !isTold;
    }

    /** Hears hellos, and looks after those that wait. */
    void look() {
        hellos.poll(hearing, HELLOS_PER_LOOK);
        long nowNs = System.nanoTime();
        waiting.removeIf(request -> request.isOver(nowNs));
    }

    private void hear(DirectBuffer buffer, int offset, int length, Header header) {
        byte[] bytes = new byte[Math.min(length, Words.MAX_BYTES)];
        buffer.getBytes(offset, bytes);
        ByteBuffer from = ByteBuffer.wrap(bytes);
        try {
            if (Words.kind(from) != Words.Kind.HELLO) {
                throw new HandshakeException(Refusal.MALFORMED, "a connection cannot begin with another word");
            }
            requested(Words.readHello(from), (Image) header.context());
        } catch (HandshakeException e) {
            // Nobody knows where to say no; a peer of another version hears it by its own deadline.
            System.getLogger(AeronListener.class.getName()).log(System.Logger.Level.DEBUG, "no hello: {0}",
                    e.getMessage());
        }
    }

    private void requested(Hello hello, Image from) throws HandshakeException {
        if (hello.reply().endpoint().isEmpty() != endpoint.isEmpty()) {
            return;
        }
        hello.reply().requireHostOf(from.sourceIdentity());
        if (isClosed()) {
            refusals.send(driver(), hello.reply(), Refusal.of(Refusal.LISTENER_CLOSED, "the listener is closed"));
        } else if (requests().isFull()) {
            refusals.send(driver(), hello.reply(), backlogFull());
        } else {
            URI peer = endpoint.isEmpty() ? address : Addresses.toUri(hello.reply().endpoint());
            AeronRequest request = new AeronRequest(this, hello, from, peer, System.nanoTime() + connectTimeoutNs());
            waiting.add(request);
            requests().add(request);
        }
    }

    @Override
    protected void stop(String why) {
        hellos.poll(hearing, Integer.MAX_VALUE);
        pulse.remove(this);
        for (AeronRequest request : waiting) {
            request.giveUp(Refusal.of(Refusal.LISTENER_CLOSED, why), Failure.closed(why, address.toString()));
        }
        waiting.clear();
        free();
    }

    private void free() {
        if (!freed.compareAndSet(false, true)) {
            return;
        }
        if (!name.isEmpty()) {
            Names.release(client.driver(), name);
        }
        client.forget(onNews);
        client.found();
        hellos.close();
        client.release();
    }
}
