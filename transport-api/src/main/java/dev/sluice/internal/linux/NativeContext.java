package dev.sluice.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * What one thread needs around a system call: the place where errno is captured, the place where this thread's errno
 * itself stands, and a little scratch memory for arguments that C takes by pointer. All are made once.
 *
 * <p>
 * Used by one thread at a time. <b>Make it on the platform thread that uses it</b>: elsewhere every call is still right,
 * but a hot call that fails takes two system calls. The memory is freed with the object; a call that captures passes
 * the segment, which keeps it and the scratch beside it alive until the call has returned, and a call that does not
 * capture but uses the scratch fences the context.
 *
 * <h2>Errno on the data path</h2>
 *
 * <p>
 * A call that captures errno is exact, but the JDK slices the capture segment in each call: 40 bytes, which only escape
 * analysis removes. Hot calls therefore capture nothing. When one has returned -1, {@link #sawAgain} reads errno where
 * the C library keeps it, {@code __errno_location()} of the thread that made the context. The JVM may have overwritten
 * it on the way back from native code (a safepoint waits in a futex), so only one value is believed, the common one:
 * <ul>
 * <li>{@code EAGAIN}: the result is {@code -EAGAIN}. If that is not true and hides an error, a level-triggered poller
 * reports the descriptor again and the next call fails; after an edge there may be no second one.</li>
 * <li>Anything else, and any thread but the maker (whose errno may be gone with it): the call is made once more with
 * capture and its result counts. It failed, so it moved nothing and can be repeated. A value that was not true becomes
 * {@code -EAGAIN} or bytes; a true error shows again, with one exception: reading a socket takes its pending error
 * ({@code ECONNRESET}, {@code ETIMEDOUT}) away, so the second call reads the end of the stream. <b>Callers must take 0
 * for the end, orderly or not</b>; whoever wants the cause asks {@link SocketOptions#takeError} first.</li>
 * </ul>
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/errno.3.html">errno(3)</a>
 */
public final class NativeContext {
    /** Scratch for the largest argument, a 256-byte {@code struct statx} and an empty path behind it. */
    private static final long SCRATCH_BYTES = 320;

    private static final MemoryLayout CAPTURE = Linker.Option.captureStateLayout();

    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle ERRNO_LOCATION = Libc.linkWithoutErrno("__errno_location", Libc.POINTER);

    /** The only thread for which {@link #errno} is valid memory; null for a virtual one, which has no errno of its own. */
    private final Thread maker;

    private final MemorySegment errno;

    private final MemorySegment capture;

    private final MemorySegment scratch;

    /** Makes a context for the calling thread. */
    public NativeContext() {
        MemorySegment all = Arena.ofAuto().allocate(SCRATCH_BYTES + CAPTURE.byteSize(), Long.BYTES);
        scratch = all.asSlice(0, SCRATCH_BYTES);
        capture = all.asSlice(SCRATCH_BYTES, CAPTURE.byteSize());
        maker = Thread.currentThread().isVirtual() ? null : Thread.currentThread();
        errno = Libc.view(errnoAddress(), Integer.BYTES);
    }

    /**
     * Asked at once after a call without capture returned -1: whether it may be answered with {@code -EAGAIN}.
     *
     * @return false when the call must be made once more, with capture
     */
    boolean sawAgain() {
        return Thread.currentThread() == maker && errno.get(ValueLayout.JAVA_INT, 0) == Errno.EAGAIN;
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

    private static long errnoAddress() {
        try {
            return (long) ERRNO_LOCATION.invokeExact();
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    private int failure() {
        return -(int) ERRNO.get(capture, 0L);
    }
}
