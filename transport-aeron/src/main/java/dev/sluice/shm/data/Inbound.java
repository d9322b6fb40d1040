package dev.sluice.shm.data;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.shm.memory.ConnectionMemory;
import dev.sluice.spi.MessageView;
import dev.sluice.spi.ring.RingConsumer;
import dev.sluice.spi.ring.RingFault;
import dev.sluice.spi.ring.RingLayout;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The ring that this end reads, straight into its handler. The poller's thread, but for {@link #drop}.
 *
 * <p>Space goes back to the producer when a quarter of the ring is consumed, when the producer wants room, and before this end
 * sleeps: in a ping-pong nobody waits for that cache line.
 */
final class Inbound {

    private static final int NOTHING_ASSEMBLED = -1;

    private final ConnectionMemory memory;
    private final Doorbell doorbell;
    private final RingConsumer ring;
    private final long wantsRoom;
    private final long consumedByMe;
    private final int maxMessageBytes;
    private final int quantumBytes;
    private Arena arena;
    private MemorySegment assembly;
    private MemorySegment assembled;
    private int assemblyBytes;
    private int assembledBytes = NOTHING_ASSEMBLED;
    private boolean unreleased;
    private boolean heldUp;
    private boolean ended;
    private String fault;
    private long consumed;
    private volatile long shownConsumed;
    private long copied;
    private volatile long copiedBytes;
    private volatile boolean dropped;

    Inbound(ConnectionMemory memory, Doorbell doorbell, int maxMessageBytes, int quantumBytes) {
        this.memory = memory;
        this.doorbell = doorbell;
        this.maxMessageBytes = maxMessageBytes;
        this.quantumBytes = quantumBytes;
        ring = new RingConsumer(memory.inbound(), memory.inboundBytes());
        wantsRoom = memory.theirs() + ConnectionMemory.WANTS_ROOM;
        consumedByMe = memory.mine() + ConnectionMemory.CONSUMED;
    }

    /** Nothing more is delivered. Any thread. */
    void drop() {
        dropped = true;
    }

    /** Whether the handler wants the next one later. */
    boolean isHeldUp() {
        return heldUp;
    }

    /** Whether something may be delivered. */
    boolean hasSome() {
        return !dropped && fault == null && (assembledBytes >= 0 || ring.next() >= 0);
    }

    /** What was found that cannot be; null while nothing was. */
    String fault() {
        return fault;
    }

    int deliver(Connection connection, CompletionHandler handler, int limit) {
        int delivered = 0;
        heldUp = false;
        try {
            while (delivered < limit && !dropped && !heldUp) {
                int step = assembledBytes >= 0
                        ? assembledMessage(connection, handler)
                        : record(connection, handler, ring.next());
                if (step < 0) {
                    break;
                }
                delivered += step;
            }
        } finally {
            if (unreleased) {
                afterBatch();
            }
        }
        return delivered;
    }

    /** One record; how many events it made, or -1 when there is nothing more to do now. */
    private int record(Connection connection, CompletionHandler handler, long at) {
        if (at < 0) {
            return at == RingLayout.CORRUPT ? broken("a ring is corrupt: " + faultOf(ring.fault())) : -1;
        }
        return switch (ring.type()) {
            case Records.MESSAGE -> message(connection, handler, at);
            case Records.PART, Records.LAST_PART -> part(at);
            case Records.IMMEDIATE -> immediate(connection, handler, at);
            case Records.END -> end(connection, handler);
            default -> broken("a record has the unknown type " + ring.type());
        };
    }

    private int message(Connection connection, CompletionHandler handler, long at) {
        if (ended || assemblyBytes != 0) {
            return broken("a message came where none can be");
        }
        boolean aborted = false;
        try {
            aborted = MessageView.deliver(handler, connection, ring.records(), at, ring.length()) == Action.ABORT;
        } finally {
            if (!aborted) {
                consumedOne();
            }
        }
        heldUp = aborted;
        return aborted ? -1 : 1;
    }

    private int part(long at) {
        int length = ring.length();
        if (ended || length == 0 || length > maxMessageBytes - assemblyBytes) {
            return broken("parts of a message came where none can be, or are too long together");
        }
        if (assembly == null) {
            arena = Arena.ofShared();
            assembly = arena.allocate(maxMessageBytes, Long.BYTES);
            assembled = assembly.asReadOnly();
        }
        MemorySegment.copy(ring.records(), at, assembly, assemblyBytes, length);
        assemblyBytes += length;
        copied += length;
        copiedBytes = copied;
        if (ring.type() == Records.LAST_PART) {
            assembledBytes = assemblyBytes;
        }
        ring.advance();
        unreleased = true;
        // A message beyond the quantum is put together in several polls.
        return assembledBytes < 0 && assemblyBytes % quantumBytes < length ? -1 : 0;
    }

    private int assembledMessage(Connection connection, CompletionHandler handler) {
        boolean aborted = false;
        try {
            aborted = MessageView.deliver(handler, connection, assembled, 0, assembledBytes) == Action.ABORT;
        } finally {
            if (!aborted) {
                assembledBytes = NOTHING_ASSEMBLED;
                assemblyBytes = 0;
                unreleased = true;
                consumed++;
            }
        }
        heldUp = aborted;
        return aborted ? -1 : 1;
    }

    private int immediate(Connection connection, CompletionHandler handler, long at) {
        if (ended || assemblyBytes != 0 || ring.length() != Records.IMMEDIATE_BYTES) {
            return broken("an immediate came where none can be");
        }
        int value = (int) ring.records().get(ValueLayout.JAVA_LONG, at);
        long length = ring.records().get(ValueLayout.JAVA_LONG, at + 8);
        boolean aborted = false;
        try {
            aborted = handler.onImmediate(connection, value, length) == Action.ABORT;
        } finally {
            if (!aborted) {
                consumedOne();
            }
        }
        heldUp = aborted;
        return aborted ? -1 : 1;
    }

    private int end(Connection connection, CompletionHandler handler) {
        if (ended || assemblyBytes != 0) {
            return broken("an end came where none can be");
        }
        ended = true;
        ring.advance();
        unreleased = true;
        handler.onEnd(connection);
        return 1;
    }

    private void consumedOne() {
        ring.advance();
        unreleased = true;
        consumed++;
    }

    private int broken(String what) {
        fault = what;
        return -1;
    }

    private static String faultOf(RingFault found) {
        return found + " at fault";
    }

    /** Shows how far the handler is. */
    private void afterBatch() {
        if (shownConsumed != consumed && memory.all().scope().isAlive()) {
            shownConsumed = consumed;
            ConnectionMemory.WORD.setRelease(memory.all(), consumedByMe, consumed);
        }
        giveRoom();
    }

    /** Gives space back if the peer wants it; asked in each poll, since the peer may begin to want it later. */
    void giveRoom() {
        if (unreleased && (long) ConnectionMemory.WORD.getOpaque(memory.all(), wantsRoom) != 0) {
            release();
        }
    }

    /** Gives all consumed space back. */
    void release() {
        if (unreleased) {
            unreleased = false;
            ring.release();
            doorbell.wakePeer();
        }
    }

    long consumed() {
        return shownConsumed;
    }

    long copiedBytes() {
        return copiedBytes;
    }

    /** Frees what messages in parts were put together in. */
    void close() {
        if (arena != null) {
            arena.close();
            arena = null;
        }
    }
}
