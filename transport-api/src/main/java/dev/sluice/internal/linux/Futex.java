package dev.sluice.internal.linux;

import java.lang.invoke.MethodHandle;

/**
 * Sleeps on a word of memory that processes share, futex(2). Nobody needs a descriptor or a context: whatever ends a wait, the caller
 * looks at the word and at what it stands for.
 */
public final class Futex {
    /** Of a {@code struct timespec}. */
    public static final long TIMESPEC_BYTES = 16;

    private static final long FUTEX_WAIT = 0;

    private static final long FUTEX_WAKE = 1;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final MethodHandle FUTEX = Libc.linkSystemCall(SystemCall.FUTEX);

    private Futex() {}

    /**
     * Sleeps while a word has a value. Blocks the thread that carries it, so not for virtual threads.
     *
     * @param word the address of 4 bytes, mapped for longer than the call
     * @param value what the word must have for a sleep to begin
     * @param timeoutNs how long at most
     * @param timespec memory of {@link #TIMESPEC_BYTES} for this call
     */
    public static void await(long word, int value, long timeoutNs, long timespec) {
        NativeWords.set(timespec, timeoutNs / NANOS_PER_SECOND);
        NativeWords.set(timespec + Long.BYTES, timeoutNs % NANOS_PER_SECOND);
        call(word, FUTEX_WAIT, value, timespec);
    }

    /**
     * Ends the sleeps of all who wait for a word, in every process that maps it.
     *
     * @param word the address of 4 bytes, mapped for longer than the call
     */
    public static void wake(long word) {
        call(word, FUTEX_WAKE, Integer.MAX_VALUE, 0);
    }

    private static void call(long word, long operation, long value, long timespec) {
        try {
            // The result is the caller's own look: interrupted, too late and woken are all the same to it.
            long ignored = (long) FUTEX.invokeExact(word, operation, value, timespec,
                    0L, 0L);
            assert ignored >= -1;
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }
}
