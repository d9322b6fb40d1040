package dev.sluice.aeron.conn;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.aeron.data.Link;
import dev.sluice.internal.control.ConnectionFactory;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.PendingRequest;
import dev.sluice.internal.control.Refusal;
import dev.sluice.internal.frames.Terms;
import dev.sluice.internal.linux.Errno;
import io.aeron.Image;
import org.agrona.concurrent.UnsafeBuffer;

import java.net.URI;

/** A peer that asks, as the application sees it. Any thread; who moves {@link #outcome} first has answered. */
final class AeronRequest extends PendingRequest {
    private final AeronListener listener;
    private final Hello hello;
    private final Image from;
    private final long deadlineNs;
    private final Lasting saidAll = new Lasting();

    AeronRequest(AeronListener listener, Hello hello, Image from, URI peer, long deadlineNs) {
        super(peer, hello.metadata());
        this.listener = listener;
        this.hello = hello;
        this.from = from;
        this.deadlineNs = deadlineNs;
    }

    /**
     * {@inheritDoc}
     *
     * <p>
     * When a limit is reached the peer is refused with the same words; after a mistake of the caller, which throws
     * unchecked, the request is still open.
     */
    @Override
    public Connection accept(CompletionQueue queue, Options options) throws SluiceException {
        Options all = listener.options().with(options);
        Terms mine = Terms.of(all);
        Channels channels = listener.channels(all);
        requireUnanswered();
        ConnectionFactory.Reservation<Link> reservation = orRefuse(() -> listener.factory().reserve(queue, all));
        Established established = null;
        try {
            answer();
            established = welcome(mine, channels, all);
        } finally {
            if (established == null) {
                reservation.release();
            }
        }
        return established.connection(listener.pulse(), reservation, all.get(StandardOptions.OPERATION_TIMEOUT));
    }

    private Established welcome(Terms mine, Channels channels, Options options) throws SluiceException {
        Patience patience = new Patience(peer().toString(), options.get(StandardOptions.CONNECT_TIMEOUT),
                () -> !listener.pulse().execute(() -> {}));
        Wiring wiring = new Wiring(listener.use());
        boolean done = false;
        try {
            Reply reply = hello.reply();
            int control = Reply.newStream();
            int data = Reply.newStream();
            wiring.listen(listener.endpoint(), control, reply.ownControlSession(), data, reply.ownDataSession());
            wiring.speak(channels, reply.endpoint(), reply.controlStream(), reply.controlSession(), reply.dataStream(),
                    reply.dataSession());
            UnsafeBuffer word = new UnsafeBuffer(Words.welcome(mine, control, data));
            patience.until(() -> wiring.controlOut().offer(word, 0, word.capacity()) >= 0 || requireThere(),
                    late("the peer cannot be welcomed"));
            patience.until(() -> wiring.isWhole() || requireThere(),
                    late("the peer did not open its streams in time"));
            done = true;
            return new Established(wiring, peer(), mine, hello.terms());
        } finally {
            if (!done) {
                wiring.close();
            }
        }
    }

    /** Throws when the peer has given up: it ends its hello when the handshake is done, well or not. Otherwise false. */
    private boolean requireThere() throws SluiceException {
        if (saidAll.isSoForLong(from.isEndOfStream())) {
            throw new Failure("the peer gave up while it was accepted", 0, peer().toString(), "").toException();
        }
        return false;
    }

    private Failure late(String what) {
        return new Failure(what, Errno.ETIMEDOUT, peer().toString(),
                "Is it stopped, or the network slow? Raise the option 'connectTimeout'");
    }

    /** Whether it needs no more looks: answered, too late, or its peer has gone. Control thread. */
    boolean isOver(long nowNs) {
        if (isAnswered()) {
            return true;
        }
        if (from.isClosed() || from.isEndOfStream()) {
            return lapse(new Failure("the peer has gone before it was accepted", 0, peer().toString(), ""));
        }
        if (nowNs - deadlineNs < 0) {
            return false;
        }
        giveUp(Refusal.of(Refusal.TOO_LATE, "the request was not answered in time: its application is busy"),
                new Failure("the request was not answered within the listener's connectTimeout", 0,
                        peer().toString(), "Answer sooner, or raise the option 'connectTimeout'"));
        return true;
    }

    /** Refuses, unless the application has just answered. Control thread. */
    void giveUp(Refusal refusal, Failure failure) {
        if (lapse(failure)) {
            refuse(refusal);
        }
    }

    @Override
    protected void forget() {
        listener.requests().remove(this);
    }

    @Override
    protected void refuse(Refusal refusal) {
        listener.refusals().send(listener.driver(), hello.reply(), refusal);
    }
}
