package dev.sluice.internal.linux;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Set;

/**
 * A fence between two sides of which one is hot and the other rare, membarrier(2). Each side stores, fences, and looks at
 * what the other one stored; at least one of them sees the other. The hot side's fence is free: it only needs accesses that
 * the compiler leaves in their order (opaque, or stronger). The rare side's fence asks the kernel for a full fence on
 * every processor that runs a thread of the hot side; a thread that does not run had one when it stopped.
 *
 * <p>Where the kernel does not offer it (before Linux 4.16, or a filter of system calls) and with
 * {@code -Dsluice.membarrier=false}, both sides make full fences of their own.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/membarrier.2.html">membarrier(2)</a>
 */
public final class AsymmetricFence {
    /**
     * So long after {@link #heavyAcrossProcesses()} a look sees what the other side stored before it looked, in nanoseconds. A
     * processor's store buffer is empty after microseconds, fence or not.
     */
    public static final long SETTLED_NS = 1_000_000L;

    private static final long MEMBARRIER_CMD_GLOBAL_EXPEDITED = 1L << 1;

    private static final long MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED = 1L << 2;

    private static final long MEMBARRIER_CMD_PRIVATE_EXPEDITED = 1L << 3;

    private static final long MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED = 1L << 4;

    private static final MethodHandle MEMBARRIER = link();

    private static final boolean OWN_THREADS = register(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);

    private static final boolean ALL_PROCESSES = register(MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED);

    private AsymmetricFence() {}

    /** The hot side, between its store and its look, towards a rare side in this process. */
    public static void light() {
        if (!OWN_THREADS) {
            VarHandle.fullFence();
        }
    }

    /** The rare side, between its store and its look, towards the threads of this process. */
    public static void heavy() {
        if (OWN_THREADS) {
            call(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
        } else {
            VarHandle.fullFence();
        }
    }

    /**
     * Whether this process can be either side of a fence between processes. A hot side must also know that the rare one
     * asks the kernel, by {@link #heavyAcrossProcesses}; until it knows, it makes full fences.
     *
     * @return the same all the time
     */
    public static boolean reachesProcesses() {
        return ALL_PROCESSES;
    }

    /**
     * The rare side, towards the threads of all processes that said {@link #reachesProcesses()}. The kernel may overlook a
     * processor (ADR 0025), so nothing may rest on one look that found nobody: it is taken again after {@link #SETTLED_NS}.
     */
    public static void heavyAcrossProcesses() {
        VarHandle.fullFence();
        if (ALL_PROCESSES) {
            call(MEMBARRIER_CMD_GLOBAL_EXPEDITED);
        }
    }

    private static MethodHandle link() {
        boolean known = "Linux".equals(System.getProperty("os.name"))
                && Set.of("amd64", "aarch64").contains(System.getProperty("os.arch"));
        boolean wanted = !"false".equals(System.getProperty("sluice.membarrier"));
        return known && wanted && AsymmetricFence.class.getModule().isNativeAccessEnabled()
                ? Libc.linkSystemCall(SystemCall.MEMBARRIER)
                : null;
    }

    private static boolean register(long command) {
        return MEMBARRIER != null && answer(command) == 0;
    }

    private static void call(long command) {
        if (answer(command) != 0) {
            // Nothing may be freed now: the other side would not be seen.
            throw new IllegalStateException("membarrier(2) refused a command that it had accepted the registration of");
        }
    }

    private static long answer(long command) {
        try {
            return (long) MEMBARRIER.invokeExact(command, 0L, 0L, 0L, 0L, 0L);
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }
}
