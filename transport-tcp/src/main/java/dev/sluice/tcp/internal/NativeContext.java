package dev.sluice.tcp.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * What one thread needs around a system call: the place where errno is captured, and a little scratch memory for
 * arguments that C takes by pointer. Both are made once, so that calls allocate nothing.
 *
 * <p>
 * Used by one thread at a time. The memory is freed with the object; every call passes the capture segment as a segment,
 * which keeps it, and the scratch beside it, alive until the call has returned.
 */
public final class NativeContext {
    /** Scratch for the largest argument, a 256-byte {@code struct statx} and an empty path behind it. */
    private static final long SCRATCH_BYTES = 320;

    private static final MemoryLayout CAPTURE = Linker.Option.captureStateLayout();

    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final MemorySegment capture;

    private final MemorySegment scratch;

    /** Makes a context for one thread. */
    public NativeContext() {
        MemorySegment all = Arena.ofAuto().allocate(SCRATCH_BYTES + CAPTURE.byteSize(), Long.BYTES);
        scratch = all.asSlice(0, SCRATCH_BYTES);
        capture = all.asSlice(SCRATCH_BYTES, CAPTURE.byteSize());
    }

    MemorySegment capture() {
        return capture;
    }

    MemorySegment scratch() {
        return scratch;
    }

    long scratchAddress() {
        return scratch.address();
    }

    int scratchInt(long offset) {
        return scratch.get(ValueLayout.JAVA_INT, offset);
    }

    long scratchLong(long offset) {
        return scratch.get(ValueLayout.JAVA_LONG, offset);
    }

    void scratchInt(long offset, int value) {
        scratch.set(ValueLayout.JAVA_INT, offset, value);
    }

    void scratchLong(long offset, long value) {
        scratch.set(ValueLayout.JAVA_LONG, offset, value);
    }

    /**
     * Turns C's "-1 and errno" into this package's convention.
     *
     * @param value
     *            what the function returned
     * @return the value when it is not negative, else minus the errno
     */
    int result(int value) {
        return value >= 0 ? value : failure();
    }

    /**
     * Turns C's "-1 and errno" into this package's convention.
     *
     * @param value
     *            what the function returned
     * @return the value when it is not negative, else minus the errno
     */
    long result(long value) {
        return value >= 0 ? value : failure();
    }

    private int failure() {
        return -(int) ERRNO.get(capture, 0L);
    }
}
