package dev.sluice.bench.pair;

import dev.sluice.Results;
import dev.sluice.bench.process.WriteCalls;
import org.HdrHistogram.Histogram;

/**
 * One-sided operations, as many outstanding as the spec's depth, each in a slot of its own on both sides. Times are from
 * post to completion.
 */
final class Pipeline {

    private final NearEnd end;
    private final boolean reads;
    private final long sizeBytes;

    Pipeline(NearEnd end) {
        this.end = end;
        reads = end.spec().op() == Op.READ;
        sizeBytes = end.spec().sizeBytes();
    }

    /** Runs until the budget is used up, and then until everything outstanding has completed. */
    Measurement run(Budget budget) {
        Histogram times = Measurement.newHistogram();
        end.events().recordCompletionsInto(times);
        long callsBefore = WriteCalls.ofThisThread();
        Allocation.ofThisThread();
        long allocatedBefore = Allocation.ofThisThread();
        long startNs = System.nanoTime();
        long posted = 0;
        long nowNs = startNs;
        while (posted < budget.operations() && nowNs - startNs < budget.limitNs()) {
            if (end.accepted(post())) {
                end.slots().take(nowNs);
                posted++;
            } else {
                end.step();
            }
            nowNs = System.nanoTime();
        }
        while (end.slots().outstanding() > 0) {
            end.step();
        }
        long elapsedNs = System.nanoTime() - startNs;
        long allocated = Allocation.ofThisThread() - allocatedBefore;
        end.events().recordCompletionsInto(null);
        return new Measurement(times, posted, elapsedNs, allocated,
                WriteCalls.ofThisThread() - callsBefore);
    }

    private long post() {
        int slot = end.slots().peek();
        if (slot == Slots.NONE) {
            return Results.BACK_PRESSURED;
        }
        // The same memory for all of them, as perftest and ucx_perftest do: what is measured is the transport, not the caches.
        return reads
                ? end.connection().read(end.region(), 0, end.remote(), 0, sizeBytes, slot, 0)
                : end.connection().write(end.region(), 0, end.remote(), 0, sizeBytes, slot, 0);
    }
}
