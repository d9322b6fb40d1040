package dev.sluice.internal.file;

import dev.sluice.internal.linux.Mappings;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The few buffers of a transport in which bytes for a file wait for the disk. Each is allocated when it is first needed and
 * then kept. Any thread; lock-free, nothing is allocated once every buffer was used.
 */
public final class FileStaging implements AutoCloseable {
    /** The length of each buffer. */
    public static final long BUFFER_BYTES = 1L << 20;

    /** How many buffers there are. */
    public static final int BUFFERS = 4;

    private static final int ALL_FREE = (1 << BUFFERS) - 1;

    private static final int CLOSED = 1 << BUFFERS;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(FileStaging.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Arena arena = Arena.ofShared();

    /** Entry i belongs to who holds the bit i of the state, which also publishes it. */
    private final MemorySegment[] buffers = new MemorySegment[BUFFERS];

    /** One bit for each free buffer, and {@link #CLOSED}. */
    private volatile int state = ALL_FREE;

    /** A pool without memory yet. */
    public FileStaging() {}

    /**
     * Takes a buffer.
     *
     * @return page-aligned, of {@link #BUFFER_BYTES}, with what its last user left in it; null when none is free, or the pool is
     *         closed
     * @throws OutOfMemoryError when a buffer cannot be allocated
     */
    public MemorySegment take() {
        int now = state;
        while ((now & CLOSED) == 0 && now != 0) {
            int bit = Integer.lowestOneBit(now);
            if (STATE.compareAndSet(this, now, now & ~bit)) {
                return buffer(bit);
            }
            now = state;
        }
        return null;
    }

    /**
     * Gives a buffer back; the last one after {@link #close()} frees the memory.
     *
     * @param buffer what {@link #take()} returned
     * @throws IllegalArgumentException when it is not out of this pool
     * @throws IllegalStateException when it was given back before
     */
    public void give(MemorySegment buffer) {
        giveBit(bitOf(buffer));
    }

    /**
     * Hands out nothing any more, and frees the memory as soon as every buffer is back: at once when none is taken, so never
     * under a write that waits for its disk. Idempotent.
     */
    @Override
    public void close() {
        if ((int) STATE.getAndBitwiseOr(this, CLOSED) == ALL_FREE) {
            arena.close();
        }
    }

    private MemorySegment buffer(int bit) {
        int index = Integer.numberOfTrailingZeros(bit);
        if (buffers[index] == null) {
            allocate(index, bit);
        }
        return buffers[index];
    }

    private void allocate(int index, int bit) {
        boolean allocated = false;
        try {
            buffers[index] = arena.allocate(BUFFER_BYTES, Mappings.pageBytes());
            allocated = true;
        } finally {
            if (!allocated) {
                giveBit(bit);
            }
        }
    }

    private void giveBit(int bit) {
        int before = (int) STATE.getAndBitwiseOr(this, bit);
        if ((before & bit) != 0) {
            throw new IllegalStateException("this staging buffer was given back before");
        }
        if ((before | bit) == (ALL_FREE | CLOSED)) {
            arena.close();
        }
    }

    private int bitOf(MemorySegment buffer) {
        for (int i = 0; i < BUFFERS; i++) {
            if (buffers[i] != null && buffers[i].address() == buffer.address()) {
                return 1 << i;
            }
        }
        throw new IllegalArgumentException("this is no buffer of this pool: " + buffer);
    }
}
