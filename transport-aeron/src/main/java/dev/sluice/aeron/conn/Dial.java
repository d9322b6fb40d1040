package dev.sluice.aeron.conn;

import dev.sluice.SluiceException;
import dev.sluice.aeron.driver.Clients.Client;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Refusal;
import dev.sluice.internal.frames.Terms;
import dev.sluice.internal.linux.Errno;
import io.aeron.ExclusivePublication;
import io.aeron.exceptions.AeronException;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * One outgoing connection in the making: listens for the answer, says hello on the listener's stream, and opens its own streams
 * once it is welcome. One thread; closing it gives up, unless the handshake is done.
 */
final class Dial implements AutoCloseable {
    private static final long NAME_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Client client;
    private final Channels channels;
    private final InetSocketAddress address;
    private final String endpoint;
    private final int helloStream;
    private final URI peer;
    private final Patience patience;
    private final Patience.Look hasLostName;
    private final Reply reply;
    private final Wiring wiring;
    private final Lasting unconnected = new Lasting();
    private ExclusivePublication hello;
    private Welcome welcome;
    private boolean refused;
    private SluiceException refusal;
    private boolean done;
    private long nameSeenNs = System.nanoTime();

    /**
     * A dial that has not begun.
     *
     * @param client in use, by this from now on
     * @param channels how its own streams are
     * @param address the listener's, null for IPC
     * @param helloStream where the listener listens
     * @param ownEndpoint where this side listens, empty for IPC
     * @param peer for messages
     * @param patience for all of it
     * @param hasLostName whether an IPC listener has given its name back; not asked over UDP
     */
    Dial(Client client, Channels channels, InetSocketAddress address, int helloStream, String ownEndpoint, URI peer,
            Patience patience, Patience.Look hasLostName) throws SluiceException {
        this.client = client;
        this.channels = channels;
        this.address = address;
        endpoint = address == null ? "" : Channels.endpoint(address);
        this.helloStream = helloStream;
        this.peer = peer;
        this.patience = patience;
        this.hasLostName = hasLostName;
        reply = Reply.at(ownEndpoint);
        wiring = new Wiring(client);
    }

    Established shakeHands(Terms mine, byte[] metadata) throws SluiceException {
        wiring.listen(reply.endpoint(), reply.controlStream(), reply.controlSession(), reply.dataStream(),
                reply.dataSession());
        sayHello(Words.hello(mine, reply, metadata));
        patience.until(this::isAnswered, late("the peer did not answer the handshake in time",
                "Its application must accept the connection; look there, or raise the option 'connectTimeout'"));
        wiring.speak(channels, endpoint, welcome.controlStream(), reply.ownControlSession(), welcome.dataStream(),
                reply.ownDataSession());
        patience.until(wiring::isWhole, late("the peer's streams did not come in time",
                "Is it stopped, or the network slow? Raise the option 'connectTimeout'"));
        done = true;
        return new Established(wiring, peer, mine, welcome.terms());
    }

    private void sayHello(byte[] word) throws SluiceException {
        try {
            hello = client.aeron().addExclusivePublication(Channels.hello(endpoint), helloStream);
        } catch (AeronException e) {
            throw Wiring.failure(e, peer.toString());
        }
        UnsafeBuffer buffer = new UnsafeBuffer(word);
        Failure late = late("nobody listens there, or nothing comes through",
                "Is a listener running there? Check address and port, and the firewalls for UDP");
        if (address == null) {
            patience.until(() -> hello.offer(buffer, 0, word.length) >= 0 || isNameLost(), late);
            return;
        }
        try (Knock knock = Knock.at(address)) {
            patience.until(() -> hello.offer(buffer, 0, word.length) >= 0 || isRefused(knock), late);
        } catch (SluiceException e) {
            throw e;
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /** A listener that closes between the look at its name and the hello never answers. */
    private boolean isNameLost() throws SluiceException {
        long nowNs = System.nanoTime();
        if (nowNs - nameSeenNs < NAME_INTERVAL_NS) {
            return false;
        }
        nameSeenNs = nowNs;
        if (hasLostName.isDone()) {
            throw gone();
        }
        return false;
    }

    private SluiceException gone() {
        return new Failure("the listener has gone without an answer", 0, peer.toString(),
                "Is it still running? Look at its side's error").toException();
    }

    private boolean isRefused(Knock knock) throws SluiceException {
        try {
            if (!hello.isConnected() && knock.isRefused()) {
                throw Failure.ofErrno("nobody listens there", Errno.ECONNREFUSED, peer.toString(),
                        "Is a listener running there? Start one with ./sluice peer --listen URI").toException();
            }
            return false;
        } catch (SluiceException refusedThere) {
            throw refusedThere;
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private SluiceException unreachable(IOException e) {
        return new SluiceException("the peer cannot be reached: " + e.getMessage(), 0, peer.toString(),
                "Check the address and the routes (ip route get ADDRESS)", e);
    }

    private boolean isAnswered() throws SluiceException {
        if (wiring.hearsControl()) {
            wiring.controlIn().poll((buffer, offset, length, header) -> answered(buffer, offset, length), 1);
        }
        if (refused) {
            throw refusal;
        }
        // A listener that closes may not have read this hello.
        if (welcome == null && unconnected.isSoForLong(!hello.isConnected())) {
            throw gone();
        }
        return welcome != null;
    }

    private void answered(DirectBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[Math.min(length, Words.MAX_BYTES)];
        buffer.getBytes(offset, bytes);
        ByteBuffer from = ByteBuffer.wrap(bytes);
        try {
            switch (Words.kind(from)) {
                case WELCOME -> welcome = Words.readWelcome(from);
                case REFUSE -> refuse(failure(Words.readRefusal(from)));
                default -> refuse(new Failure("the peer answered with another word", 0, peer.toString(), ""));
            }
        } catch (HandshakeException e) {
            refuse(new Failure("the peer's answer is not acceptable: " + e.getMessage(), e.refusal().code(),
                    peer.toString(), "Is it a Sluice listener of this release?"));
        }
    }

    private void refuse(Failure failure) {
        refused = true;
        refusal = failure.toException();
    }

    private Failure failure(Refusal said) {
        String who = said.byApplication()
                ? "the application at the peer rejected the connection: "
                : "the peer refused the connection: ";
        return new Failure(who + said.reason(), said.code(), peer.toString(), "");
    }

    private Failure late(String what, String remedy) {
        return new Failure(what, Errno.ETIMEDOUT, peer.toString(), remedy);
    }

    @Override
    public void close() {
        if (hello != null) {
            hello.close();
        }
        if (!done) {
            wiring.close();
        }
    }
}
