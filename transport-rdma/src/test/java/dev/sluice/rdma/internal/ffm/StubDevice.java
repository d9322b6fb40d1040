package dev.sluice.rdma.internal.ffm;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * The device of {@code src/test/c/verbs_stub.c}, and the round of one post and its polls that all measurements share. Public for
 * the tests of what posts.
 */
public final class StubDevice implements AutoCloseable {
    static final Path SOURCE = Path.of("src/test/c/verbs_stub.c");

    private static final int POLL_ENTRIES = 16;

    private static final int SIGNALED = VerbsConstants.IBV_SEND_SIGNALED;

    private final SymbolLookup library;

    private final long queue;

    private final int batch;

    private final boolean critical;

    private final MethodHandle loop;

    private final SendBatch sends;

    private final CompletionPoller poller;

    private long round;

    StubDevice(Path compiled, int batch, boolean critical) {
        this.batch = batch;
        this.critical = critical;
        library = Symbols.library(compiled.toString());
        queue = call(Symbols.link(function("stub_open"), FunctionDescriptor.of(Symbols.LONG)));
        loop = Symbols.link(function("stub_loop"),
                FunctionDescriptor.of(Symbols.LONG, Symbols.LONG, Symbols.LONG, Symbols.INT));
        sends = new SendBatch(queue, function("stub_post_send"), critical, 64, 1);
        poller = new CompletionPoller(queue, function("stub_poll_cq"), critical, POLL_ENTRIES);
    }

    /** Compiles and opens one with plain downcalls; skips the test where there is no compiler. */
    public static StubDevice compiled(Path folder) throws Exception {
        return new StubDevice(CompiledC.library(folder, SOURCE), 1, false);
    }

    /** Sixty-four requests of one element. */
    public SendBatch sends() {
        return sends;
    }

    /** Sixteen completions at a time. */
    public CompletionPoller poller() {
        return poller;
    }

    /** Posts a batch and polls until it has completed; the sum of the ids, so that nothing is optimised away. */
    long round() {
        long sum = 0;
        round++;
        for (int slot = 0; slot < batch; slot++) {
            sends.write(slot, round + slot, 4096 + round, 7, SIGNALED);
            sends.data(slot, 8192 + round, 64, 9);
        }
        if (sends.post(batch) != 0) {
            throw new AssertionError("the stub refused a post");
        }
        for (int done = 0; done < batch;) {
            int count = poller.poll();
            for (int i = 0; i < count; i++) {
                if (!poller.succeeded(i)) {
                    throw new AssertionError("the stub completed with an error");
                }
                sum += poller.id(i);
            }
            done += count;
        }
        return sum;
    }

    /** Nanoseconds per post and poll of a batch in Java. */
    double javaNs(int rounds) {
        long start = System.nanoTime();
        long sum = 0;
        for (int i = 0; i < rounds; i++) {
            sum += round();
        }
        long end = System.nanoTime();
        return sum == 0 ? Double.NaN : (double) (end - start) / rounds;
    }

    /** Nanoseconds per post and poll of a batch in C. */
    double nativeNs(int rounds) {
        try {
            return (double) (long) loop.invokeExact(queue, (long) rounds, batch) / rounds;
        } catch (Throwable thrown) {
            throw Symbols.rethrow(thrown);
        }
    }

    @Override
    public String toString() {
        return "batch=" + batch + " critical=" + critical;
    }

    private MemorySegment function(String name) {
        return Symbols.find(library, "the stub", name);
    }

    private static long call(MethodHandle open) {
        try {
            return (long) open.invokeExact();
        } catch (Throwable thrown) {
            throw Symbols.rethrow(thrown);
        }
    }

    @Override
    public void close() {
        sends.close();
        poller.close();
    }
}
