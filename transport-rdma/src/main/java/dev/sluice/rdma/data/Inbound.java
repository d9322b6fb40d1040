package dev.sluice.rdma.data;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.spi.MessageView;
import dev.sluice.spi.ring.RingLayout;
import dev.sluice.spi.ring.RingScan;
import dev.sluice.spi.ring.RingSpace;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The ring whose payloads the peer writes and whose headers this end does, straight into the handler. The poller's thread, but
 * for {@link #arrived}, which is under the gate, and {@link #drop}.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // each has one writer
final class Inbound {
    private static final int NOTHING_ASSEMBLED = -1;

    private final MemorySegment ring;
    /** The peer's own books, kept here too: where it wrote the next record is not for it to say. */
    private final RingSpace arriving;
    private final RingScan scan;
    private final long start;
    private final int quantumBytes;
    private int maxMessageBytes;
    private Arena arena;
    private MemorySegment assembly;
    private MemorySegment assembled;
    private int assemblyBytes;
    private int assembledBytes = NOTHING_ASSEMBLED;
    private boolean heldUp;
    private boolean ended;
    private volatile String fault;
    /** The end of what arrived. */
    private volatile long available;
    private volatile long consumedBytes;
    private volatile long consumed;
    private volatile long copiedBytes;
    private volatile boolean dropped;

    Inbound(MemorySegment ring, long initialPosition, int quantumBytes) {
        this.ring = ring;
        int capacity = (int) ring.byteSize();
        start = initialPosition & -capacity;
        available = start;
        arriving = new RingSpace(capacity, start, start);
        scan = new RingScan(ring, 0, capacity, start);
        this.quantumBytes = quantumBytes;
    }

    void open(Agreement agreement) {
        maxMessageBytes = agreement.maxMessageBytes();
    }

    /** The payload of the next record lies in the ring; its header is what the immediate says. Under the gate. */
    void arrived(int immediate) {
        arriving.consumedTo(start + consumedBytes);
        int length = Immediates.length(immediate);
        long at = arriving.claim(length);
        if (at < 0) {
            fault = "an immediate says that " + length + " bytes were written, for which the ring has no room";
            return;
        }
        int padding = arriving.paddingBytes();
        if (padding > 0) {
            ring.set(RingLayout.WORD, arriving.paddingOffset(),
                    RingLayout.header(padding - RingLayout.HEADER_BYTES, RingLayout.PADDING_TYPE));
        }
        ring.set(RingLayout.WORD, at, RingLayout.header(length, Immediates.type(immediate)));
        arriving.commit();
        available = arriving.publish();
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
        return !dropped && fault == null && (assembledBytes >= 0 || scan.position() != available);
    }

    /** What was found that cannot be; null while nothing was. */
    String fault() {
        return fault;
    }

    int deliver(Connection connection, CompletionHandler handler, int limit) {
        int delivered = 0;
        heldUp = false;
        if (!scan.extendTo(available)) {
            return broken("a ring is corrupt: " + scan.fault() + " at fault") + 1;
        }
        try {
            while (delivered < limit && !dropped && !heldUp && fault == null) {
                int step = assembledBytes >= 0
                        ? assembledMessage(connection, handler)
                        : record(connection, handler, scan.next());
                if (step < 0) {
                    break;
                }
                delivered += step;
            }
        } finally {
            consumedBytes = scan.position() - start;
        }
        return delivered;
    }

    /** One record; how many events it made, or -1 when there is nothing more to do now. */
    private int record(Connection connection, CompletionHandler handler, long at) {
        if (at < 0) {
            return at == RingLayout.CORRUPT ? broken("a ring is corrupt: " + scan.fault() + " at fault") : -1;
        }
        return switch (scan.type()) {
            case Records.MESSAGE -> message(connection, handler, at);
            case Records.PART, Records.LAST_PART -> part(at);
            case Records.IMMEDIATE -> immediate(connection, handler, at);
            case Records.END -> end(connection, handler);
            default -> broken("a record has the unknown type " + scan.type());
        };
    }

    private int message(Connection connection, CompletionHandler handler, long at) {
        if (ended || assemblyBytes != 0) {
            return broken("a message came where none can be");
        }
        boolean aborted = false;
        try {
            aborted = MessageView.deliver(handler, connection, scan.records(), at, scan.length()) == Action.ABORT;
        } finally {
            if (!aborted) {
                consumedOne();
            }
        }
        heldUp = aborted;
        return aborted ? -1 : 1;
    }

    private int part(long at) {
        int length = scan.length();
        if (ended || length == 0 || length > maxMessageBytes - assemblyBytes) {
            return broken("parts of a message came where none can be, or are too long together");
        }
        if (assembly == null) {
            arena = Arena.ofShared();
            assembly = arena.allocate(maxMessageBytes, Long.BYTES);
            assembled = assembly.asReadOnly();
        }
        MemorySegment.copy(scan.records(), at, assembly, assemblyBytes, length);
        assemblyBytes += length;
        copiedBytes = copiedBytes + length;
        if (scan.type() == Records.LAST_PART) {
            assembledBytes = assemblyBytes;
        }
        scan.advance();
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
                consumed = consumed + 1;
            }
        }
        heldUp = aborted;
        return aborted ? -1 : 1;
    }

    private int immediate(Connection connection, CompletionHandler handler, long at) {
        if (ended || assemblyBytes != 0 || scan.length() != Records.IMMEDIATE_BYTES) {
            return broken("an immediate came where none can be");
        }
        int value = (int) scan.records().get(ValueLayout.JAVA_LONG, at);
        long length = scan.records().get(ValueLayout.JAVA_LONG, at + Long.BYTES);
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
        scan.advance();
        handler.onEnd(connection);
        return 1;
    }

    private void consumedOne() {
        scan.advance();
        consumed = consumed + 1;
    }

    private int broken(String what) {
        fault = what;
        return -1;
    }

    /** Bytes of the ring that may be written again. */
    long consumedBytes() {
        return consumedBytes;
    }

    long consumed() {
        return consumed;
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
