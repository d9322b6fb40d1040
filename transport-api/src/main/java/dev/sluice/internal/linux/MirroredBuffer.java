package dev.sluice.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A ring whose end is followed by its beginning: the same pages mapped twice, one copy behind the other, so every range
 * of up to the capacity is contiguous in addresses, wherever it starts. A message that wraps can be shown as one view
 * and received by one call.
 *
 * <p>
 * The memory file is closed as soon as it is mapped: a buffer costs two mappings and no descriptor. Any thread may use
 * the memory and close the buffer; a later access through {@link #segment()} throws {@link IllegalStateException}. A
 * system call that was given a raw address is not seen: the owner ends those before it closes.
 */
public final class MirroredBuffer implements AutoCloseable {
    private static final int READ_WRITE = Mappings.PROT_READ | Mappings.PROT_WRITE;

    private static final int SHARED_FIXED = Mappings.MAP_SHARED | Mappings.MAP_FIXED;

    private static final int RESERVATION = Mappings.MAP_PRIVATE | Mappings.MAP_ANONYMOUS | Mappings.MAP_NORESERVE;

    private final Arena arena = Arena.ofShared();

    private final AtomicBoolean closed = new AtomicBoolean();

    private final MemorySegment segment;

    private final long capacityBytes;

    private MirroredBuffer(long address, long capacityBytes) {
        this.capacityBytes = capacityBytes;
        segment = Libc.view(address, 2 * capacityBytes, arena, MirroredBuffer::unmap);
    }

    /**
     * Makes a buffer of zeros.
     *
     * @param ctx
     *            the calling thread's context
     * @param capacityBytes
     *            the capacity, a positive multiple of {@link Mappings#pageBytes()}
     * @return the buffer, to be closed
     * @throws IllegalArgumentException
     *             if the capacity is not such a multiple
     * @throws ErrnoException
     *             if descriptors, memory or mappings run out; nothing is left behind
     */
    public static MirroredBuffer open(NativeContext ctx, long capacityBytes) throws ErrnoException {
        return open(ctx, capacityBytes, MirrorCalls.LINUX);
    }

    static MirroredBuffer open(NativeContext ctx, long capacityBytes, MirrorCalls calls) throws ErrnoException {
        if (capacityBytes <= 0 || capacityBytes > Long.MAX_VALUE / 2 || capacityBytes % Mappings.pageBytes() != 0) {
            throw new IllegalArgumentException("capacity of " + capacityBytes
                    + " bytes is not a positive multiple of the page size, " + Mappings.pageBytes());
        }
        int fd = (int) check("memfd_create", capacityBytes, calls.memoryFile(ctx));
        try {
            check("ftruncate", capacityBytes, calls.truncate(ctx, fd, capacityBytes));
            return new MirroredBuffer(mapTwice(ctx, capacityBytes, fd, calls), capacityBytes);
        } finally {
            FileDescriptors.close(ctx, fd);
        }
    }

    /**
     * The memory, twice: byte {@code i} and byte {@code i + capacity} are the same.
     *
     * @return a segment of twice the capacity, valid until {@link #close()}
     */
    public MemorySegment segment() {
        return segment;
    }

    /**
     * The raw address of the first byte.
     *
     * @return the address
     */
    public long address() {
        return segment.address();
    }

    /**
     * The capacity.
     *
     * @return bytes, half of the segment's length
     */
    public long capacityBytes() {
        return capacityBytes;
    }

    /**
     * Unmaps the memory. Idempotent.
     *
     * @throws IllegalStateException
     *             if a call that was given the segment itself is still running; the buffer then stays open
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        boolean done = false;
        try {
            arena.close();
            done = true;
        } finally {
            closed.set(done);
        }
    }

    private static long mapTwice(NativeContext ctx, long capacityBytes, int fd, MirrorCalls calls)
            throws ErrnoException {
        long base = check("mmap of a reservation", capacityBytes,
                calls.map(ctx, 0, 2 * capacityBytes, Mappings.PROT_NONE, RESERVATION, -1));
        boolean done = false;
        try {
            check("mmap of the first copy", capacityBytes,
                    calls.map(ctx, base, capacityBytes, READ_WRITE, SHARED_FIXED, fd));
            check("mmap of the second copy", capacityBytes,
                    calls.map(ctx, base + capacityBytes, capacityBytes, READ_WRITE, SHARED_FIXED, fd));
            done = true;
            return base;
        } finally {
            if (!done) {
                Mappings.unmap(ctx, base, 2 * capacityBytes);
            }
        }
    }

    private static void unmap(MemorySegment all) {
        int result = Mappings.unmap(new NativeContext(), all.address(), all.byteSize());
        if (result < 0) {
            throw new IllegalStateException("munmap of a mirrored buffer failed: " + Errno.describe(-result));
        }
    }

    private static long check(String call, long capacityBytes, long result) throws ErrnoException {
        if (result < 0) {
            throw new ErrnoException(call + " for a mirrored buffer of " + capacityBytes + " bytes", (int) -result);
        }
        return result;
    }
}
