package dev.sluice.testkit.reference;

import dev.sluice.DisconnectReason;
import dev.sluice.spi.ring.RingLayout;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What the two ends of a connection share: a ring for each direction, and the one way in which it ends. The memory is freed
 * when both ends have delivered their last event and no claim is open.
 */
final class Link {

    /** Why a link ended, as each end is told. */
    private record Ending(MemEnd by, DisconnectReason reason, DisconnectReason peerReason, String why) {}

    private final Arena arena = Arena.ofShared();
    private final AtomicInteger users = new AtomicInteger(2);
    private final AtomicReference<Ending> ending = new AtomicReference<>();
    private final int capacity;
    private final MemorySegment toAcceptor;
    private final MemorySegment toConnector;
    private MemEnd connector;
    private MemEnd acceptor;

    Link(int capacity, long connectorPosition, long acceptorPosition) {
        this.capacity = capacity;
        this.toAcceptor = ring(connectorPosition);
        this.toConnector = ring(acceptorPosition);
    }

    private MemorySegment ring(long initialPosition) {
        MemorySegment memory = arena.allocate(RingLayout.segmentBytes(capacity), RingLayout.RING_ALIGNMENT);
        RingLayout.format(memory, capacity, initialPosition & -RingLayout.RECORD_ALIGNMENT);
        return memory;
    }

    /** Joins the ends, before either is used. */
    void join(MemEnd connectingEnd, MemEnd acceptingEnd) {
        connector = connectingEnd;
        acceptor = acceptingEnd;
    }

    int capacity() {
        return capacity;
    }

    MemorySegment out(boolean byConnector) {
        return byConnector ? toAcceptor : toConnector;
    }

    MemEnd other(MemEnd end) {
        return end == connector ? acceptor : connector;
    }

    /** Ends both ends, once; later calls change nothing. Waits for nobody, so it may be called from inside a gate. */
    void end(MemEnd by, DisconnectReason reason, DisconnectReason peerReason, String why) {
        if (ending.compareAndSet(null, new Ending(by, reason, peerReason, why))) {
            connector.onEnding();
            acceptor.onEnding();
        }
    }

    boolean hasEnded() {
        return ending.get() != null;
    }

    DisconnectReason reason(MemEnd end) {
        Ending e = ending.get();
        return e.by == end ? e.reason : e.peerReason;
    }

    String why() {
        Ending e = ending.get();
        return e == null ? "" : e.why;
    }

    /** An open claim keeps the memory. */
    void retain() {
        users.incrementAndGet();
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            arena.close();
        }
    }
}
