package dev.sluice.testkit.reference;

import dev.sluice.CompletionHandler;
import dev.sluice.Status;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/** What can go wrong with the order, the completion and the end of operations. */
final class OperationMutants {

    private OperationMutants() {}

    static final class ReportsSilent extends Steps {

        @Override
        boolean reports(PendingOperation op) {
            return true;
        }
    }

    static final class HidesSilentFailures extends Steps {

        @Override
        boolean reports(PendingOperation op) {
            return !op.isSilent();
        }
    }

    static final class CompletesInPost extends Steps {

        private CompletionHandler last;

        @Override
        CompletionHandler deliverTo(CompletionHandler handler) {
            last = handler;
            return handler;
        }

        @Override
        void posted(MemEnd end) {
            end.deliverCompletions(last, 1);
        }
    }

    /** Places the bytes of one kind of operation some polls too late. */
    static class PlacesLate extends Steps {

        private record Late(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes,
                int poll) {}

        private static final int POLLS = 100;
        private final OperationKind kind;
        private final ArrayDeque<Late> late = new ArrayDeque<>();
        private int polls;

        PlacesLate(OperationKind kind) {
            this.kind = kind;
        }

        @Override
        void place(PendingOperation op, MemorySegment from, long fromOffset, MemorySegment to, long toOffset,
                long bytes) {
            if (op.kind == kind) {
                late.add(new Late(from, fromOffset, to, toOffset, bytes, polls + POLLS));
            } else {
                super.place(op, from, fromOffset, to, toOffset, bytes);
            }
        }

        @Override
        CompletionHandler deliverTo(CompletionHandler handler) {
            polls++;
            while (!late.isEmpty() && late.peek().poll <= polls) {
                Late l = late.remove();
                if (l.from.scope().isAlive() && l.to.scope().isAlive()) {
                    MemorySegment.copy(l.from, l.fromOffset, l.to, l.toOffset, l.bytes);
                }
            }
            return handler;
        }
    }

    static final class CompletesBeforePlacement extends PlacesLate {

        CompletesBeforePlacement() {
            super(OperationKind.WRITE);
        }
    }

    static final class ImmediateFirst extends PlacesLate {

        ImmediateFirst() {
            super(OperationKind.WRITE_WITH_IMMEDIATE);
        }
    }

    static final class MiscountsLong extends Steps {

        @Override
        long result(PendingOperation op) {
            return Math.min(op.lengthBytes, 256 << 10);
        }
    }

    static final class MessagesOvertake extends Steps {

        @Override
        boolean waitsForOrder(boolean orderedAhead) {
            return false;
        }
    }

    static final class ReadsOvertake extends Steps {

        @Override
        boolean waitsForWrites(boolean writeAhead) {
            return false;
        }
    }

    static final class IgnoresFences extends Steps {

        @Override
        boolean waitsForFence(PendingOperation op, boolean fetchAhead) {
            return false;
        }
    }

    static final class IgnoresTimeouts extends Steps {

        @Override
        boolean isOverdue(PendingOperation op, long nowNs) {
            return false;
        }
    }

    static final class ForgetsWakeups extends Steps {

        @Override
        boolean remembersWakeup() {
            return false;
        }
    }

    static final class LosesWakeUps extends Steps {

        private int count;

        @Override
        void wake(Thread sleeper) {
            if (sleeper != null && ++count % 20 != 0) {
                super.wake(sleeper);
            }
        }
    }

    static final class EndsEarly extends Steps {

        @Override
        boolean endsNow(OperationTable operations) {
            return true;
        }
    }

    static final class DropsTail extends Steps {

        @Override
        boolean endsNow(OperationTable operations) {
            for (int i = 0; i < operations.count(); i++) {
                PendingOperation op = operations.get(i);
                // The file thread still holds its own: a slot used again underneath it is another fault than this one.
                if (op.kind.lane() != OperationKind.Lane.FILE) {
                    op.finish(Status.OK, op.lengthBytes);
                }
            }
            return true;
        }
    }

    static final class CloseReturnsEarly extends Steps {

        @Override
        boolean quiescesInClose() {
            return false;
        }
    }

    static final class LosesReason extends Steps {

        @Override
        String reason(String given) {
            return "";
        }
    }
}
