package dev.sluice.tcp.data;

import dev.sluice.CompletionHandler;
import dev.sluice.DisconnectReason;
import dev.sluice.Grant;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.Status;
import dev.sluice.internal.control.QueueWaiter;
import dev.sluice.internal.frames.Lifeline;
import dev.sluice.internal.linux.Epoll;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.spi.NativeRegion;
import dev.sluice.spi.data.EventDelivery;
import dev.sluice.spi.data.SpinGate;
import dev.sluice.spi.memory.OwnerGrant;

import java.util.Set;

/**
 * One end of a connection at work: moves bytes under the gate when polled, and delivers without it. States: not yet announced,
 * open, ended (socket closed, memory quiet), gone (onDisconnect delivered).
 */
final class Endpoint implements Lifeline.Listener {
    /** How often deadlines and lone credits are looked after. */
    private static final long TICK_NS = 1_000_000L;
    /** How many polls that moved bytes may follow each other without a look at the clock; a power of two. */
    private static final int BUSY_POLLS = 32;

    private final TcpQueue queue;
    private final SpinGate gate = new SpinGate();
    private final Channel channel;
    private final FileLane files;
    private final Inbound in;
    private final Outbound out;
    private final Posting posting;
    private final EventDelivery delivery;
    private final Lifeline lifeline;
    private final Ending ending;

    private boolean gone;
    private int interest;
    private int busyPolls;
    private long lastTickNs = System.nanoTime();

    Endpoint(TcpQueue queue, Channel channel, FileLane files, Inbound in, Outbound out, Link link) {
        this.queue = queue;
        this.channel = channel;
        this.files = files;
        this.in = in;
        this.out = out;
        posting = new Posting(queue, gate, channel, files, out, link.operationTimeout().toNanos());
        delivery = new EventDelivery(channel.events, new RingArrivals(channel.receiveRing, channel.flow));
        lifeline = link.lifeline().bind(this);
        ending = new Ending(channel, files, in, out, lifeline);
    }

    Channel channel() {
        return channel;
    }

    Posting posting() {
        return posting;
    }

    Grant grant(OwnerGrant.Control control, NativeRegion region, long offset, long length, Set<Right> rights)
            throws SluiceException {
        gate.enter();
        try {
            if (channel.closed) {
                throw new SluiceException("nothing can be granted on an ended connection", 0, channel.peer,
                        channel.endWhy());
            }
            region.acquire();
            return channel.grants.add(control, region, offset, length, rights);
        } finally {
            gate.exit();
        }
    }

    void revoke(OwnerGrant grant) {
        gate.enter();
        try {
            if (channel.grants.remove(grant) && (channel.isServing(grant) || in.isFilling(grant))) {
                channel.end(DisconnectReason.ACCESS_VIOLATION_BY_PEER,
                        "the peer " + channel.peer + " was using memory while it was revoked");
                ending.finish(new NativeContext());
            }
        } finally {
            gate.exit();
        }
    }

    /** The application, or the queue or transport for it, closes; any thread. */
    void closeLocally(String why) {
        gate.enter();
        try {
            delivery.drop();
            if (!channel.closed) {
                channel.end(DisconnectReason.LOCAL_CLOSE, why);
                ending.finish(new NativeContext());
            }
        } finally {
            gate.exit();
        }
        queue.signal();
    }

    @Override
    public void peerLost(DisconnectReason reason, String why) {
        ending.peerLost(reason, why);
        queue.signal();
    }

    @Override
    public void peerConsumed(long position) {
        channel.flow.peerConsumed(position);
    }

    @Override
    public long consumedPosition() {
        return channel.flow.receivedAbsolute();
    }

    /**
     * Moves bytes while the poller is elsewhere; nothing when the poller is at it.
     *
     * @return whether anything happened that the poller should see
     */
    boolean progress(NativeContext ctx) {
        if (!channel.announced || channel.closed || !gate.tryEnter()) {
            return false;
        }
        try {
            if (!channel.closed) {
                move(ctx, false);
            }
        } finally {
            gate.exit();
        }
        return channel.closed || channel.ops.hasCompleted() || !channel.events.isEmpty();
    }

    private void move(NativeContext ctx, boolean returnAll) {
        receive(ctx);
        if (returnAll || out.hasWork()) {
            out.pump(ctx, returnAll);
        }
        settle(ctx);
    }

    /** The same for the poller, which is about to deliver: the handler's answer may take along what the peer is to be told. */
    private void moveBeforeDelivery(NativeContext ctx) {
        receive(ctx);
        if (channel.events.isEmpty() ? out.hasWork() : out.hasFrames()) {
            out.pump(ctx, false);
        }
        settle(ctx);
    }

    private void receive(NativeContext ctx) {
        if (channel.busy && files.hasWork()) {
            files.poll();
        }
        if (!out.isBlocked() || out.look(ctx)) {
            in.pump(ctx);
        }
    }

    private void settle(NativeContext ctx) {
        if (channel.busy) {
            channel.busy = channel.ops.outstanding() > 0 || !channel.service.isEmpty() || files.acknowledgementDue();
        }
        ending.check(ctx);
    }

    private void tick(NativeContext ctx) {
        long now = System.nanoTime();
        if (now - lastTickNs < TICK_NS || channel.closed) {
            return;
        }
        lastTickNs = now;
        // Credits travel in the headers of other frames; a frame of their own is for connections that sent none of late.
        move(ctx, !channel.flow.sentHeader());
        int overdue = channel.ops.outstanding() > 0 ? channel.ops.overdue(now) : -1;
        if (overdue >= 0 && !channel.closed) {
            channel.ops.complete(overdue, Status.TIMED_OUT, 0);
            channel.end(DisconnectReason.OPERATION_TIMED_OUT, "an operation towards " + channel.peer
                    + " did not complete within its operationTimeout; does the peer poll its queue?");
            ending.finish(ctx);
        }
    }

    /** One round: moves bytes, then delivers up to {@code limit} events. */
    int poll(TcpConnection connection, CompletionHandler handler, int limit) {
        NativeContext ctx = queue.context();
        if (!channel.announced) {
            channel.announced = true;
            lifeline.start();
            handler.onConnect(connection);
            return 1;
        }
        boolean writable;
        gate.enter();
        try {
            if (!channel.closed) {
                long before = channel.bytesMoved;
                moveBeforeDelivery(ctx);
                // The clock is read when there is nothing better to do, and now and then when there always is.
                if (channel.bytesMoved == before || (++busyPolls & (BUSY_POLLS - 1)) == 0) {
                    tick(ctx);
                }
            }
            writable = !channel.closed && posting.nowWritable();
        } finally {
            gate.exit();
        }
        int delivered = channel.ops.deliver(connection, handler, limit);
        delivered += delivery.deliver(connection, handler, limit - delivered);
        if (channel.closed && delivery.isHeldUp()) {
            delivery.drop();
        }
        if (writable && delivered < limit && !channel.closed) {
            posting.told();
            handler.onWritable(connection);
            delivered++;
        }
        if (channel.finished && !gone && delivered < limit) {
            delivered += deliverEnd(connection, handler);
        } else if (!channel.closed && out.hasWork() && !out.isBlocked()) {
            progressOutput(ctx);
        }
        return delivered;
    }

    private void progressOutput(NativeContext ctx) {
        gate.enter();
        try {
            if (!channel.closed) {
                out.pump(ctx, false);
            }
        } finally {
            gate.exit();
        }
    }

    /** Everything is delivered: the last event, then nothing is left but to forget. */
    private int deliverEnd(TcpConnection connection, CompletionHandler handler) {
        if (channel.ops.hasCompleted() || delivery.hasEvents()) {
            return 0;
        }
        gone = true;
        channel.freeRings();
        handler.onDisconnect(connection, channel.endReason());
        return 1;
    }

    /** Whether a poll would do something without waiting for the socket. */
    boolean isReady() {
        return !channel.announced || (channel.finished && !gone) || channel.ops.hasCompleted()
                || !channel.events.isEmpty()
                || (!channel.closed && (ending.isLossDue() || in.likelyMore() || (out.hasWork() && !out.isBlocked())
                        || posting.nowWritable()));
    }

    /** Has the queue wait for what matters now, and for nothing that would only keep the poller awake. */
    void adjust(QueueWaiter waiter, NativeContext ctx, int index) {
        gate.enter();
        try {
            int wanted = channel.inputOver
                    ? 0
                    : (in.isStalled() ? Epoll.EPOLLRDHUP : Epoll.EPOLLIN)
                            | (waitsForRoom() ? Epoll.EPOLLOUT : 0);
            if (!channel.closed && wanted != interest) {
                waiter.change(ctx, channel.fd, index, interest, wanted);
                interest = wanted;
            }
        } finally {
            gate.exit();
        }
    }

    /** Whether the socket was full. It has much to send yet when it tells of room, so nothing is lost by sleeping until then. */
    boolean waitsForRoom() {
        return out.isBlocked() && out.hasWork();
    }

    /** Whether something may happen that only time brings: deadlines, verdicts, a handler that aborts. */
    boolean needsTicks() {
        return !channel.closed && (channel.ops.outstanding() > 0 || ending.isDue());
    }

    /** Whether the peer is still to hear of messages that were consumed; the next frame to it would tell. */
    boolean owesCredit() {
        return !channel.closed && channel.flow.anythingToReturn();
    }

    /** Returns credits in a frame of their own. */
    void returnCredit() {
        gate.enter();
        try {
            if (!channel.closed && channel.flow.anythingToReturn()) {
                out.pump(queue.context(), true);
            }
        } finally {
            gate.exit();
        }
    }

    /** A count that changes whenever bytes moved. */
    long bytesMoved() {
        return channel.bytesMoved;
    }

    /** Whether nothing of it is left to poll. */
    boolean isGone() {
        return gone && files.drained();
    }

    /** The queue is closed and nobody polls any more. */
    void abandon() {
        if (!gone) {
            gone = true;
            channel.freeRings();
        }
    }
}
