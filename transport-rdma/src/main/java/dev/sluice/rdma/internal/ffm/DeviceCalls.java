package dev.sluice.rdma.internal.ffm;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The calls of the data path, inline in C, that go through the function pointers of {@code struct ibv_context}: each is one
 * exact invocation of a constant handle and allocates nothing. A <em>critical</em> downcall leaves out the thread's change of state, so the garbage collector waits while it
 * runs: only for functions that never enter the kernel.
 */
final class DeviceCalls {
    private static final FunctionDescriptor POST_TYPE = FunctionDescriptor.of(Symbols.INT, Symbols.LONG, Symbols.LONG,
            Symbols.LONG);

    private static final MethodHandle POST = Symbols.linkByAddress(POST_TYPE);

    private static final MethodHandle POST_CRITICAL = Symbols.linkByAddress(POST_TYPE, Linker.Option.critical(false));

    private static final FunctionDescriptor POLL_TYPE = FunctionDescriptor.of(Symbols.INT, Symbols.LONG, Symbols.INT,
            Symbols.LONG);

    private static final MethodHandle POLL = Symbols.linkByAddress(POLL_TYPE);

    private static final MethodHandle POLL_CRITICAL = Symbols.linkByAddress(POLL_TYPE, Linker.Option.critical(false));

    private static final MethodHandle NOTIFY = Symbols
            .linkByAddress(FunctionDescriptor.of(Symbols.INT, Symbols.LONG, Symbols.INT));

    private DeviceCalls() {}

    /** ibv_post_send(3), ibv_post_recv(3) or ibv_post_srq_recv(3): 0, or an errno in the driver's sign. */
    static int post(MemorySegment function, boolean critical, long queue, long firstRequest, long badRequest) {
        try {
            return critical
                    ? (int) POST_CRITICAL.invokeExact(function, queue, firstRequest, badRequest)
                    : (int) POST.invokeExact(function, queue, firstRequest, badRequest);
        } catch (Throwable thrown) {
            throw Symbols.rethrow(thrown);
        }
    }

    /** ibv_poll_cq(3): the number of completions, or negative. */
    static int poll(MemorySegment function, boolean critical, long queue, int entries, long completions) {
        try {
            return critical
                    ? (int) POLL_CRITICAL.invokeExact(function, queue, entries, completions)
                    : (int) POLL.invokeExact(function, queue, entries, completions);
        } catch (Throwable thrown) {
            throw Symbols.rethrow(thrown);
        }
    }

    /** ibv_req_notify_cq(3): 0, or an errno in the driver's sign. May enter the kernel. */
    static int requestNotify(MemorySegment function, long queue, boolean solicitedOnly) {
        try {
            return (int) NOTIFY.invokeExact(function, queue, solicitedOnly ? 1 : 0);
        } catch (Throwable thrown) {
            throw Symbols.rethrow(thrown);
        }
    }
}
