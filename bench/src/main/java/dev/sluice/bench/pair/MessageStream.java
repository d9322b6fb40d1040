package dev.sluice.bench.pair;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;

/**
 * Messages in one direction. The last one asks for an acknowledgement, which says how many arrived; the time counts until
 * that is back. Claimed messages have no completion, so there are no times of single messages.
 */
final class MessageStream {

    /** The stamp that asks for an acknowledgement. */
    static final long LAST = -1;

    private final NearEnd end;
    private final int length;

    MessageStream(NearEnd end) {
        this.end = end;
        length = Math.toIntExact(end.spec().sizeBytes());
    }

    /** Runs until the budget is used up; at least one message. */
    Measurement run(Budget budget) {
        Allocation.ofThisThread();
        long allocatedBefore = Allocation.ofThisThread();
        long answers = end.events().messages();
        long startNs = System.nanoTime();
        long posted = 0;
        while (posted < budget.operations() - 1 && System.nanoTime() - startNs < budget.limitNs()) {
            post(posted++);
        }
        post(LAST);
        posted++;
        while (end.events().messages() == answers) {
            end.step();
        }
        long elapsedNs = System.nanoTime() - startNs;
        long allocated = Allocation.ofThisThread() - allocatedBefore;
        if (end.events().lastStamp() != posted) {
            throw new BenchException(ExitCodes.VERIFICATION_FAILED, "of " + posted + " messages of " + length
                    + " bytes the peer counted " + end.events().lastStamp());
        }
        return new Measurement(Measurement.newHistogram(), posted, elapsedNs, allocated);
    }

    private void post(long stamp) {
        while (!end.accepted(end.port().post(length, stamp))) {
            end.step();
        }
    }
}
