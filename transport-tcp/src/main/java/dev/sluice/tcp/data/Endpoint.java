package dev.sluice.tcp.data;

import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.Diagnostics;
import dev.sluice.DisconnectReason;
import dev.sluice.Grant;
import dev.sluice.Results;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.Status;
import dev.sluice.internal.linux.Epoll;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.Sockets;
import dev.sluice.spi.NativeRegion;
import dev.sluice.tcp.memory.TcpGrant;

import java.util.Set;

/**
 * One end of a connection at work: posts under the gate, moves bytes when polled, delivers without the gate, and brings the
 * end about. States: not yet announced, open, ended (socket closed, memory quiet), gone (onDisconnect delivered).
 */
final class Endpoint implements Lifeline.Listener {
    /** How long the lifeline may take to tell a close from a death, once the data socket has ended. */
    private static final long VERDICT_NS = 200_000_000L;
    /** How often deadlines and lone credits are looked after. */
    private static final long TICK_NS = 1_000_000L;

    private final TcpQueue queue;
    private final SpinGate gate = new SpinGate();
    private final Channel channel;
    private final FileLane files;
    private final Inbound in;
    private final Outbound out;
    private final Admission admission;
    private final Delivery delivery;
    private final Lifeline lifeline;
    private final long timeoutNs;
    private final EndpointDiagnostics diagnostics;

    private volatile boolean announced;
    private volatile boolean closed;
    private boolean gone;
    private int interest;
    private boolean claimOpen;
    private long lastTickNs = System.nanoTime();
    private long inputOverNs;
    private volatile DisconnectReason lostReason;
    private volatile String lostWhy = "";

    Endpoint(TcpQueue queue, Channel channel, FileLane files, Inbound in, Outbound out, Link link) {
        this.queue = queue;
        this.channel = channel;
        this.files = files;
        this.in = in;
        this.out = out;
        admission = new Admission(channel);
        delivery = new Delivery(channel);
        timeoutNs = link.operationTimeout().toNanos();
        diagnostics = new EndpointDiagnostics(channel);
        lifeline = link.lifeline().bind(this);
    }

    Channel channel() {
        return channel;
    }

    Diagnostics diagnostics() {
        return diagnostics;
    }

    boolean claimOpen() {
        return claimOpen;
    }

    /** Opens a claim for a frame of this size; returns where it begins in the send ring, or a result. */
    long openClaim(int frameBytes) {
        gate.enter();
        try {
            long result = admit(frameBytes, false, false);
            if (result >= 0 && !channel.sendRing.fits(frameBytes)) {
                result = refuse(frameBytes, false);
            }
            if (result < 0) {
                return result;
            }
            channel.flow.spend(frameBytes);
            claimOpen = true;
            return channel.sendRing.claim(frameBytes);
        } finally {
            gate.exit();
        }
    }

    long commitClaim(int length) {
        gate.enter();
        try {
            claimOpen = false;
            if (closed) {
                return Results.CLOSED;
            }
            SendRing ring = channel.sendRing;
            long at = ring.claimedAt();
            Frame.write(ring.segment(), at, Frame.MESSAGE, 0, 0, length);
            out.writeReturned(ring.segment(), at);
            ring.commit();
            out.pump(queue.context(), false);
            return 0;
        } finally {
            gate.exit();
        }
    }

    void abortClaim() {
        gate.enter();
        try {
            claimOpen = false;
            if (!closed) {
                channel.flow.unspend(channel.sendRing.claimedBytes());
                channel.sendRing.abort();
            }
        } finally {
            gate.exit();
        }
    }

    /**
     * Enters the gate for an operation with a slot. When the result is negative the gate is left again, else the caller posts
     * and then calls {@link #leave}.
     *
     * @param frameBytes what a message costs, 0 for an immediate, or {@link Admission#NO_MESSAGE}
     * @param read whether it counts towards the reads under way
     */
    long begin(int frameBytes, boolean read) {
        gate.enter();
        long result = admit(frameBytes, true, read);
        if (result < 0) {
            gate.exit();
        } else {
            if (frameBytes >= 0) {
                channel.flow.spend(frameBytes);
            }
            channel.readsInFlight += read ? 1 : 0;
            channel.busy = true;
        }
        return result;
    }

    void leave() {
        gate.exit();
    }

    long postOrdered(int slot, int flags) {
        channel.ops.ringMark[slot] = channel.sendRing.committedTotal();
        channel.ordered.add(slot);
        return posted(slot, flags);
    }

    long postFile(int slot, int flags) {
        if (channel.ops.kind[slot] == Operations.FILE_WRITE) {
            files.addWrite(slot);
        } else {
            files.addRead(slot);
        }
        return posted(slot, flags);
    }

    private long posted(int slot, int flags) {
        channel.ops.deadlineNs[slot] = System.nanoTime() + (timeoutNs == 0 ? Long.MAX_VALUE / 2 : timeoutNs);
        if ((flags & Connection.MORE) == 0) {
            out.pump(queue.context(), false);
        }
        return 0;
    }

    private long admit(int frameBytes, boolean slot, boolean read) {
        if (closed || channel.endRequested) {
            return Results.CLOSED;
        }
        if (!announced) {
            return Results.NOT_CONNECTED;
        }
        return admission.permits(frameBytes, slot, read) ? 0 : refuse(frameBytes, read);
    }

    private long refuse(int frameBytes, boolean read) {
        diagnostics.countBackPressure();
        admission.refused(frameBytes, read);
        out.pump(queue.context(), false);
        return Results.BACK_PRESSURED;
    }

    long flush() {
        gate.enter();
        try {
            if (closed) {
                return Results.CLOSED;
            }
            out.pump(queue.context(), false);
            return 0;
        } finally {
            gate.exit();
        }
    }

    long shutdownOutput() {
        gate.enter();
        try {
            if (closed) {
                return Results.CLOSED;
            }
            channel.endRequested = true;
            out.pump(queue.context(), false);
            return 0;
        } finally {
            gate.exit();
        }
    }

    Grant grant(TcpGrant.Control control, NativeRegion region, long offset, long length, Set<Right> rights)
            throws SluiceException {
        gate.enter();
        try {
            if (closed) {
                throw new SluiceException("nothing can be granted on an ended connection", 0, channel.peer,
                        channel.endWhy());
            }
            region.acquire();
            return channel.grants.add(control, region, offset, length, rights);
        } finally {
            gate.exit();
        }
    }

    void revoke(TcpGrant grant) {
        gate.enter();
        try {
            if (channel.grants.remove(grant) && (channel.isServing(grant) || in.isFilling(grant))) {
                channel.end(DisconnectReason.ACCESS_VIOLATION_BY_PEER,
                        "the peer " + channel.peer + " was using memory while it was revoked");
                finish(new NativeContext());
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
            if (!closed) {
                channel.end(DisconnectReason.LOCAL_CLOSE, why);
                finish(new NativeContext());
            }
        } finally {
            gate.exit();
        }
        queue.signal();
    }

    @Override
    public void peerLost(DisconnectReason reason, String why) {
        lostWhy = why;
        lostReason = reason;
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
        if (!announced || closed || !gate.tryEnter()) {
            return false;
        }
        try {
            if (!closed) {
                move(ctx, false);
            }
        } finally {
            gate.exit();
        }
        return closed || channel.ops.hasCompleted() || !channel.events.isEmpty();
    }

    private void move(NativeContext ctx, boolean returnAll) {
        if (channel.busy && files.hasWork()) {
            files.poll();
        }
        in.pump(ctx);
        if (returnAll || out.hasWork()) {
            out.pump(ctx, returnAll);
        }
        if (channel.busy) {
            channel.busy = channel.ops.outstanding() > 0 || !channel.service.isEmpty() || files.acknowledgementDue();
        }
        if (channel.inputOver || channel.isViolated() || lostReason != null) {
            judge(ctx);
        }
        if (channel.isEnded()) {
            finish(ctx);
        }
    }

    /** The peer is gone, silent or broke the rules: decides what to call it, once all it sent is read. */
    private void judge(NativeContext ctx) {
        if (channel.isEnded()) {
            return;
        }
        DisconnectReason lost = lostReason;
        if (channel.isViolated()) {
            boolean said = out.lastWords(ctx, Frame.TERMINATE, channel.violatedAccess() ? 1 : 0, channel.violatedSlot(),
                    channel.violation());
            if (said || channel.outputBroken || channel.lastWordsOverdue()) {
                channel.endViolated();
            }
        } else if (lost != null && !in.likelyMore()) {
            channel.end(lost, lostWhy);
        } else if (channel.inputOver) {
            inputOverNs = inputOverNs == 0 ? System.nanoTime() : inputOverNs;
            if (System.nanoTime() - inputOverNs > VERDICT_NS) {
                channel.end(DisconnectReason.PEER_DIED, "the peer " + channel.peer
                        + " ended the data socket without a word; its process died or its host reset the connection");
            }
        }
    }

    /** Closes the socket: from here on nothing of the transport touches memory of the user. */
    private void finish(NativeContext ctx) {
        if (closed) {
            return;
        }
        closed = true;
        if (channel.endReason() == DisconnectReason.LOCAL_CLOSE) {
            out.lastWords(ctx, Frame.CLOSE, 0, 0, channel.endWhy());
        }
        Sockets.shutdown(ctx, channel.fd, Sockets.SHUT_RDWR);
        FileDescriptors.close(ctx, channel.fd);
        lifeline.close();
        channel.flushAll();
        files.close();
        diagnostics.ended(channel.endWhy());
    }

    private void tick(NativeContext ctx) {
        long now = System.nanoTime();
        if (now - lastTickNs < TICK_NS || closed) {
            return;
        }
        lastTickNs = now;
        // Credits travel in the headers of other frames; a frame of their own is for connections that sent none of late.
        move(ctx, !channel.flow.sentHeader());
        int overdue = channel.ops.outstanding() > 0 ? channel.ops.overdue(now) : -1;
        if (overdue >= 0 && !closed) {
            channel.ops.complete(overdue, Status.TIMED_OUT, 0);
            channel.end(DisconnectReason.OPERATION_TIMED_OUT, "an operation towards " + channel.peer
                    + " did not complete within its operationTimeout; does the peer poll its queue?");
            finish(ctx);
        }
    }

    /** One round: moves bytes, then delivers up to {@code limit} events. */
    int poll(TcpConnection connection, CompletionHandler handler, int limit) {
        NativeContext ctx = queue.context();
        if (!announced) {
            announced = true;
            lifeline.start();
            handler.onConnect(connection);
            return 1;
        }
        boolean writable;
        gate.enter();
        try {
            if (!closed) {
                move(ctx, false);
                tick(ctx);
            }
            writable = !closed && admission.nowWritable();
        } finally {
            gate.exit();
        }
        int delivered = delivery.completions(connection, handler, limit);
        delivered += delivery.events(connection, handler, limit - delivered);
        if (closed && delivery.isHeldUp()) {
            delivery.drop();
        }
        if (writable && delivered < limit && !closed) {
            admission.told();
            handler.onWritable(connection);
            delivered++;
        }
        if (closed && !gone && delivered < limit) {
            delivered += deliverEnd(connection, handler);
        } else if (!closed && out.hasWork() && !out.isBlocked()) {
            progressOutput(ctx);
        }
        return delivered;
    }

    private void progressOutput(NativeContext ctx) {
        gate.enter();
        try {
            if (!closed) {
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
        return !announced || (closed && !gone) || channel.ops.hasCompleted() || !channel.events.isEmpty()
                || (!closed && (lostReason != null || in.likelyMore() || (out.hasWork() && !out.isBlocked())
                        || admission.nowWritable()));
    }

    /** Has the queue wait for what matters now, and for nothing that would only keep the poller awake. */
    void adjust(QueueWaiter waiter, NativeContext ctx, int index) {
        gate.enter();
        try {
            int wanted = channel.inputOver
                    ? 0
                    : (in.isStalled() ? Epoll.EPOLLRDHUP : Epoll.EPOLLIN)
                            | (out.isBlocked() && out.hasWork() ? Epoll.EPOLLOUT : 0);
            if (!closed && wanted != interest) {
                waiter.change(ctx, channel.fd, index, interest, wanted);
                interest = wanted;
            }
        } finally {
            gate.exit();
        }
    }

    /** Whether something may happen that only time brings: deadlines, verdicts, a handler that aborts. */
    boolean needsTicks() {
        return !closed && (channel.ops.outstanding() > 0 || channel.inputOver || channel.isViolated());
    }

    /** Returns lone credits before the poller sleeps. */
    void beforeSleep() {
        gate.enter();
        try {
            if (!closed && channel.flow.anythingToReturn()) {
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
