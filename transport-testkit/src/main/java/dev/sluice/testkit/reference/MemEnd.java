package dev.sluice.testkit.reference;

import dev.sluice.CompletionHandler;
import dev.sluice.DisconnectReason;
import dev.sluice.Limits;
import dev.sluice.Status;
import dev.sluice.spi.Gate;

import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One end of a connection at work: delivery, and how it ends. The queue's thread does everything, inside the gate where it
 * touches memory; {@link #close()} and {@link #end} are for any thread.
 */
final class MemEnd {

    private final MemTransport transport;
    private final MemQueue queue;
    private final Link link;
    private final long id;
    private final Limits limits;
    private final long operationTimeoutNs;
    private final Gate gate = new Gate(this::signal);
    private final GrantTable grants;
    private final OperationTable operations;
    private final Output output;
    private final Inbound inbound;
    private final Counters counters = new Counters(this);
    private final AtomicBoolean down = new AtomicBoolean();
    private final MemConnection user;

    private boolean connected;
    private boolean progressFirst;

    MemEnd(MemTransport transport, MemQueue queue, Link link, boolean isConnector, long id, ConnectionOptions options,
            URI peer) {
        this.transport = transport;
        this.queue = queue;
        this.link = link;
        this.id = id;
        limits = options.limits();
        operationTimeoutNs = options.operationTimeoutNs();
        Steps steps = transport.steps();
        grants = new GrantTable(this, steps);
        operations = new OperationTable(this, limits, steps);
        output = new Output(this, operations,
                new Outbound(link.out(isConnector), link.capacity(), limits.maxClaimBytes(), steps),
                operationTimeoutNs);
        inbound = new Inbound(this, link.out(!isConnector), link.capacity(), steps);
        user = new MemConnection(this, output, peer);
    }

    MemConnection user() {
        return user;
    }

    MemTransport transport() {
        return transport;
    }

    MemQueue queue() {
        return queue;
    }

    long id() {
        return id;
    }

    Limits limits() {
        return limits;
    }

    Link link() {
        return link;
    }

    Output output() {
        return output;
    }

    boolean isConnected() {
        return connected;
    }

    Steps steps() {
        return transport.steps();
    }

    Gate gate() {
        return gate;
    }

    GrantTable grants() {
        return grants;
    }

    MemEnd peerEnd() {
        return link.other(this);
    }

    GrantTable peerGrants() {
        return peerEnd().grants;
    }

    Counters counters() {
        return counters;
    }

    FileThread fileThread() {
        return transport.fileThread();
    }

    int outstandingOperations() {
        return operations.count();
    }

    String endedBecause() {
        return link.why();
    }

    boolean hasEnded() {
        return link.hasEnded();
    }

    void signal() {
        queue.signal();
    }

    int poll(CompletionHandler handler, int limit) {
        int events = 0;
        if (!connected) {
            connected = true;
            events++;
            handler.onConnect(user);
        }
        if (!hasEnded() && events < limit) {
            events += pollLive(handler, limit - events);
        }
        if (hasEnded() && events < limit) {
            events += pollEnded(handler, limit - events);
        }
        return events;
    }

    /** Takes turns in what goes first, so that neither the copies nor the events of one side use up everything. */
    private int pollLive(CompletionHandler handler, int limit) {
        progressFirst = !progressFirst;
        int events = 0;
        long copied = 0;
        endOverdue();
        if (progressFirst) {
            copied = output.progress(limits.quantumBytes());
            events = deliverCompletions(handler, limit);
        }
        events += inbound.deliver(handler, limit - events, limits.quantumBytes() - copied);
        if (!progressFirst) {
            output.progress(limits.quantumBytes() - inbound.copiedBytes());
            events += deliverCompletions(handler, limit - events);
        }
        return events + deliverWritable(handler, limit - events);
    }

    /** Returns the number of events. */
    int deliverCompletions(CompletionHandler handler, int limit) {
        int events = 0;
        while (events < limit) {
            int place = operations.nextDone();
            if (place < 0) {
                break;
            }
            PendingOperation op = operations.get(place);
            long cookie = op.cookie;
            Status status = op.status();
            long result = op.result();
            boolean reported = steps().reports(op);
            operations.remove(place);
            if (reported) {
                events++;
                handler.onCompletion(user, cookie, status, result);
            }
        }
        return events;
    }

    private int deliverWritable(CompletionHandler handler, int limit) {
        if (limit < 1 || hasEnded() || !output.isWritableDue()) {
            return 0;
        }
        output.writableDelivered();
        handler.onWritable(user);
        return 1;
    }

    private void endOverdue() {
        PendingOperation op = operations.count() == 0 ? null : operations.overdue(System.nanoTime());
        if (op != null && op.finish(Status.TIMED_OUT, op.movedBytes)) {
            end(DisconnectReason.OPERATION_TIMED_OUT, DisconnectReason.PEER_CLOSED,
                    "a " + op.kind + " of " + op.lengthBytes + " bytes pended longer than operationTimeout="
                            + operationTimeoutNs + " ns at " + op.movedBytes + " bytes [" + user.peer()
                            + "]. Let the peer poll, or raise operationTimeout");
        }
    }

    /** Everything outstanding first, then the last event. */
    private int pollEnded(CompletionHandler handler, int limit) {
        if (!isQuiescent()) {
            return 0;
        }
        releaseMemory();
        int events = deliverCompletions(handler, limit);
        if (events == limit) {
            return events;
        }
        queue.remove(this);
        try {
            handler.onDisconnect(user, link.reason(this));
        } finally {
            takeDown();
        }
        return events + 1;
    }

    /** The peer's handler consumed messages; called by the thread that consumes ours. */
    void onRoomGiven() {
        if (peerEnd().output.needsRoom()) {
            peerEnd().signal();
        }
    }

    /** Whether a poll has something to do. */
    boolean hasWork() {
        if (!connected) {
            return true;
        }
        if (hasEnded()) {
            return isQuiescent();
        }
        return operations.nextDone() >= 0 || inbound.hasRecord() || output.hasWork();
    }

    long untilDeadlineNs(long limitNs) {
        return operations.count() == 0 ? limitNs : operations.untilDeadlineNs(System.nanoTime(), limitNs);
    }

    void onRefused(PendingOperation op) {
        if (!hasEnded() && op.finish(Status.REMOTE_ACCESS_ERROR, 0)) {
            end(DisconnectReason.ACCESS_REFUSED_BY_PEER, DisconnectReason.ACCESS_VIOLATION_BY_PEER,
                    "a " + op.kind + " of " + op.lengthBytes + " bytes at offset " + op.remoteOffset
                            + " is not within an open grant with that right [" + user.peer() + "]");
        }
    }

    void end(DisconnectReason reason, DisconnectReason peerReason, String why) {
        link.end(this, reason, peerReason, why);
    }

    /** The link ended, by either end. Any thread. */
    void onEnding() {
        gate.shut();
        grants.revokeAll();
        signal();
    }

    void close() {
        end(DisconnectReason.LOCAL_CLOSE, DisconnectReason.PEER_CLOSED, "one end closed the connection");
        if (steps().quiescesInClose()) {
            gate.awaitDrained();
            grants.awaitDrained();
            releaseMemory();
        }
    }

    private boolean isQuiescent() {
        return gate.isDrained() && grants.isDrained();
    }

    private void releaseMemory() {
        operations.flush();
        grants.giveBackAll();
    }

    /** After the last event, or when nobody is going to ask for it. */
    void takeDown() {
        if (down.compareAndSet(false, true)) {
            queue.remove(this);
            queue.unreserve(limits.maxOutstandingOperations() + ConnectionOptions.EVENT_ENTRIES);
            transport.forget(this);
            link.release();
        }
    }
}
