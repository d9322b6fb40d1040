package dev.sluice.aeron.data;

import dev.sluice.CompletionHandler;
import dev.sluice.DisconnectReason;
import dev.sluice.Grant;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.Status;
import dev.sluice.internal.frames.Lifeline;
import dev.sluice.spi.NativeRegion;
import dev.sluice.spi.data.EventDelivery;
import dev.sluice.spi.data.EventFifo;
import dev.sluice.spi.data.OwnerGate;
import dev.sluice.spi.data.SpinGate;
import dev.sluice.spi.memory.OwnerGrant;

import java.util.Set;

/**
 * One end of a connection at work: moves bytes under the gate when polled, and delivers without it. States: not yet announced,
 * open, ended (streams closed, memory quiet), gone (onDisconnect delivered).
 */
final class Endpoint implements Lifeline.Listener {
    /** How often deadlines and lone credits are looked after. */
    private static final long TICK_NS = 1_000_000L;
    /** How many polls may follow each other without a look at the clock, which takes longer than several; a power of two. */
    private static final int POLLS_PER_LOOK = 64;

    private final AeronQueue queue;
    private final OwnerGate gate;
    /** Held by the poller while it delivers, for a progress thread must not move messages then. */
    private final SpinGate delivering = new SpinGate();
    private final Channel channel;
    private final FileLane files;
    private final Inbound in;
    private final Outbound out;
    private final Posting posting;
    private final EventDelivery delivery;
    private final Lifeline lifeline;
    private final Ending ending;

    private final boolean isToldOfData;
    /** Whether nobody but the poller moves messages. */
    private final boolean movesAlone;
    private boolean gone;
    private int polls;
    private long lastTickNs = System.nanoTime();

    Endpoint(AeronQueue queue, Channel channel, FileLane files, Link link) {
        this.queue = queue;
        this.channel = channel;
        this.files = files;
        movesAlone = !queue.hasProgressThread();
        gate = new OwnerGate(!movesAlone);
        in = new Inbound(channel, files);
        out = new Outbound(channel, files);
        posting = new Posting(gate, channel, files, out, link.operationTimeout().toNanos());
        delivery = new EventDelivery(channel.events, channel.arrived);
        lifeline = link.lifeline().apply(this);
        ending = new Ending(channel, posting, files, in, out, lifeline);
        isToldOfData = channel.bells != null || channel.input.tell(queue::nudge);
    }

    Channel channel() {
        return channel;
    }

    Posting posting() {
        return posting;
    }

    Grant grant(OwnerGrant.Control control, NativeRegion region, long offset, long length, Set<Right> rights)
            throws SluiceException {
        gate.enterFromElsewhere();
        try {
            if (channel.closed) {
                throw new SluiceException("nothing can be granted on an ended connection", 0, channel.peer,
                        channel.endWhy());
            }
            region.acquire();
            return channel.grants.add(control, region, offset, length, rights);
        } finally {
            gate.exitFromElsewhere();
        }
    }

    void revoke(OwnerGrant grant) {
        gate.enterFromElsewhere();
        try {
            if (channel.grants.remove(grant) && channel.isServing(grant)) {
                channel.end(DisconnectReason.ACCESS_VIOLATION_BY_PEER,
                        "the peer " + channel.peer + " was using memory while it was revoked");
                ending.finish();
            }
        } finally {
            gate.exitFromElsewhere();
        }
    }

    /** The application, or the queue or transport for it, closes; any thread. */
    void closeLocally(String why) {
        gate.enterFromElsewhere();
        try {
            delivery.drop();
            if (!channel.closed) {
                channel.end(DisconnectReason.LOCAL_CLOSE, why);
                ending.finish();
            }
        } finally {
            gate.exitFromElsewhere();
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
    boolean progress() {
        if (!channel.announced || channel.closed || !gate.tryEnterFromElsewhere()) {
            return false;
        }
        boolean elsewhere = delivering.tryEnter();
        try {
            if (!channel.closed) {
                move(elsewhere ? Keeping.SERVES : Keeping.BUSY, false);
            }
        } finally {
            if (elsewhere) {
                delivering.exit();
            }
            gate.exitFromElsewhere();
        }
        return channel.closed || channel.ops.hasCompleted() || !channel.events.isEmpty();
    }

    private void move(Keeping keeping, boolean returnAll) {
        receive(keeping);
        if (returnAll || out.hasWork()) {
            out.pump(returnAll);
        }
        settle();
    }

    /** The same for the poller, which is about to deliver: the handler's answer may take along what the peer is to be told. */
    private void moveBeforeDelivery() {
        receive(keeping());
        if (channel.events.isEmpty() ? out.hasWork() : out.hasFrames()) {
            out.pump(false);
        }
        settle();
    }

    private void receive(Keeping keeping) {
        if (channel.busy && files.hasWork()) {
            files.poll();
        }
        in.pump(keeping);
    }

    private void settle() {
        if (channel.busy) {
            channel.busy = channel.ops.outstanding() > 0 || !channel.service.isEmpty() || files.acknowledgementDue();
        }
        ending.check();
    }

    private void tick() {
        long now = System.nanoTime();
        if (now - lastTickNs < TICK_NS || channel.closed) {
            return;
        }
        lastTickNs = now;
        // Credits travel in the headers of other frames; a frame of their own is for connections that sent none of late.
        move(keeping(), !channel.flow.sentHeader());
        int overdue = channel.ops.outstanding() > 0 ? channel.ops.overdue(now) : -1;
        if (overdue >= 0 && !channel.closed) {
            channel.ops.complete(overdue, Status.TIMED_OUT, 0);
            channel.end(DisconnectReason.OPERATION_TIMED_OUT, "an operation towards " + channel.peer
                    + " did not complete within its operationTimeout; does the peer poll its queue?");
            ending.finish();
        }
    }

    private Keeping keeping() {
        return delivery.isHeldUp() ? Keeping.HELD_UP : Keeping.DELIVERS;
    }

    /**
     * Delivers up to {@code limit} events. A poll can be spared when the last one did nothing and what would make a difference
     * since is easily seen: without the gate, so that what a progress thread did may be seen only by the poll that looks at the
     * clock. And a message that ends such a rest goes straight to its handler, for nothing else is to be done before.
     */
    int poll(AeronConnection connection, CompletionHandler handler, int limit) {
        boolean rests = (++polls & (POLLS_PER_LOOK - 1)) != 0 && channel.quiet && !channel.closed && !channel.isEnded()
                && !ending.isPeerLost();
        if (rests && !channel.input.hasNext()) {
            return 0;
        }
        // Before any handler: one that throws leaves here, and events behind it.
        channel.quiet = false;
        long number = rests && movesAlone ? takeAlone() : Input.NONE;
        return number >= 0 ? deliverAlone(connection, handler, number) : round(connection, handler, limit);
    }

    private long takeAlone() {
        gate.enter();
        try {
            return channel.closed ? Input.NONE : in.takeAlone();
        } finally {
            gate.exit();
        }
    }

    private int deliverAlone(AeronConnection connection, CompletionHandler handler, long number) {
        if (delivery.deliverAtOnce(connection, handler, channel.input.memory(), in.aloneAt(), number,
                in.aloneBytes())) {
            return 1;
        }
        gate.enter();
        channel.events.add(EventFifo.MESSAGE, number, in.aloneBytes());
        gate.exit();
        return 0;
    }

    /** Moves bytes, then delivers. */
    private int round(AeronConnection connection, CompletionHandler handler, int limit) {
        if (!channel.announced) {
            channel.announced = true;
            lifeline.start();
            handler.onConnect(connection);
            return 1;
        }
        long before = channel.bytesMoved;
        boolean writable = moveForPoll();
        int delivered = channel.ops.hasCompleted() ? channel.ops.deliver(connection, handler, limit) : 0;
        if (delivered < limit && delivery.hasEvents()) {
            delivered += deliver(connection, handler, limit - delivered);
        }
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
            progressOutput();
        }
        channel.quiet = delivered == 0 && channel.bytesMoved == before && isAtRest();
        return delivered;
    }

    private boolean isAtRest() {
        return !channel.busy && !channel.closed && channel.events.isEmpty() && !channel.ops.hasCompleted()
                && !out.hasWork() && !posting.isAwaited() && !ending.isDue();
    }

    /** The next poll looks at the clock: time has passed since the last one. */
    void lookAtClock() {
        polls = POLLS_PER_LOOK - 1;
    }

    private boolean moveForPoll() {
        gate.enter();
        try {
            if (!channel.closed) {
                moveBeforeDelivery();
                if ((polls & (POLLS_PER_LOOK - 1)) == 0) {
                    tick();
                }
            }
            return !channel.closed && posting.nowWritable();
        } finally {
            gate.exit();
        }
    }

    private int deliver(AeronConnection connection, CompletionHandler handler, int limit) {
        if (movesAlone) {
            return delivery.deliver(connection, handler, limit);
        }
        delivering.enter();
        try {
            return delivery.deliver(connection, handler, limit);
        } finally {
            delivering.exit();
        }
    }

    private void progressOutput() {
        gate.enter();
        try {
            if (!channel.closed) {
                out.pump(false);
            }
        } finally {
            gate.exit();
        }
    }

    /** Everything is delivered: the last event, then nothing is left but to forget. */
    private int deliverEnd(AeronConnection connection, CompletionHandler handler) {
        if (channel.ops.hasCompleted() || delivery.hasEvents()) {
            return 0;
        }
        gone = true;
        channel.freeRings();
        handler.onDisconnect(connection, channel.endReason());
        return 1;
    }

    /** Whether a poll would do something. */
    boolean isReady() {
        return !channel.announced || (channel.finished && !gone) || channel.ops.hasCompleted()
                || !channel.events.isEmpty() || (!channel.closed && canMove());
    }

    private boolean canMove() {
        return ending.isLossDue() || in.likelyMore() || channel.input.hasNext()
                || (out.hasWork() && (!out.isBlocked() || out.hasSpace())) || posting.nowWritable();
    }

    /** Whether its queue is told of all that may happen: of data, but not of space for what could not be sent, nor of files. */
    boolean isToldOfAll() {
        return isToldOfData && !gone && !out.isBlocked() && !posting.isAwaited();
    }

    /** Whether something may happen that only time brings: deadlines, verdicts, a stream that the driver drops. */
    boolean needsTicks() {
        return !channel.closed && (channel.ops.outstanding() > 0 || ending.isDue());
    }

    /** Returns credits in a frame of their own, when some are owed. */
    void returnCredit() {
        if (channel.closed || !channel.flow.anythingToReturn()) {
            return;
        }
        gate.enter();
        try {
            if (!channel.closed) {
                out.pump(true);
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
