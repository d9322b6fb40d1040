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

import java.net.URI;
import java.nio.ByteBuffer;

/**
 * One outgoing connection in the making: listens for the answer, says hello on the listener's stream, and opens its own streams
 * once it is welcome. One thread; closing it gives up, unless the handshake is done.
 */
final class Dial implements AutoCloseable {
    private final Client client;
    private final Channels channels;
    private final String endpoint;
    private final int helloStream;
    private final URI peer;
    private final Patience patience;
    private final Absence absence;
    private final Reply reply;
    private final Wiring wiring;
    private final Lasting unconnected = new Lasting();
    private ExclusivePublication hello;
    private Welcome welcome;
    private boolean refused;
    private SluiceException refusal;
    private boolean done;

    /**
     * A dial that has not begun.
     *
     * @param client in use, by this from now on
     * @param channels how its own streams are
     * @param endpoint where the listener listens, empty for IPC
     * @param helloStream on which stream
     * @param ownEndpoint where this side listens, empty for IPC
     * @param peer for messages
     * @param patience for all of it
     * @param absence tells when nobody is there; closed by this
     */
    Dial(Client client, Channels channels, String endpoint, int helloStream, String ownEndpoint, URI peer,
            Patience patience, Absence absence) {
        this.client = client;
        this.channels = channels;
        this.endpoint = endpoint;
        this.helloStream = helloStream;
        this.peer = peer;
        this.patience = patience;
        this.absence = absence;
        reply = Reply.at(ownEndpoint);
        wiring = new Wiring(client);
        client.seek();
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
        patience.until(() -> isHeard(buffer), late("nobody listens there, or nothing comes through",
                "Is a listener running there? Check address and port, and the firewalls for UDP"));
    }

    private boolean isHeard(UnsafeBuffer word) throws SluiceException {
        boolean heard = hello.offer(word, 0, word.capacity()) >= 0;
        if (!heard && !hello.isConnected()) {
            absence.check();
        }
        return heard;
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
            throw Absence.gone(peer);
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
        client.found();
        absence.close();
        if (hello != null) {
            hello.close();
        }
        if (!done) {
            wiring.close();
        }
    }
}
