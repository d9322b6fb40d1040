package dev.sluice.bench.pair;

import dev.sluice.bench.process.WriteCalls;
import org.HdrHistogram.Histogram;

/** One operation after the other, each timed: the clock is read once per operation, and nothing is allocated. */
final class ClosedLoop {

    private final NearEnd end;
    private final RoundTrip trip;
    private long sequence;

    ClosedLoop(NearEnd end) {
        this.end = end;
        trip = RoundTrip.of(end);
    }

    /** Runs until the budget is used up; at least once. */
    Measurement run(Budget budget) {
        Histogram times = Measurement.newHistogram();
        long callsBefore = WriteCalls.ofThisThread();
        Allocation.ofThisThread();
        long allocatedBefore = Allocation.ofThisThread();
        long startNs = System.nanoTime();
        long lastNs = startNs;
        long first = sequence;
        long limit = budget.operations() > Long.MAX_VALUE - first ? Long.MAX_VALUE : first + budget.operations();
        do {
            once(sequence++);
            long nowNs = System.nanoTime();
            times.recordValue(nowNs - lastNs);
            lastNs = nowNs;
        } while (sequence < limit && lastNs - startNs < budget.limitNs());
        long allocated = Allocation.ofThisThread() - allocatedBefore;
        return new Measurement(times, sequence - first, lastNs - startNs, allocated,
                WriteCalls.ofThisThread() - callsBefore);
    }

    private void once(long number) {
        while (!end.accepted(trip.post(number))) {
            end.step();
        }
        while (!trip.arrived(number)) {
            end.step();
        }
    }
}
