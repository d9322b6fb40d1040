package dev.sluice.testkit.reference;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.Results;
import dev.sluice.spi.ring.RingConsumer;
import dev.sluice.spi.ring.RingProducer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;

/** What can go wrong with messages. */
final class MessageMutants {

    private static final int RARELY = 64;

    private MessageMutants() {}

    static final class Drops extends Steps {

        private int count;

        @Override
        void commit(RingProducer ring) {
            if (++count % RARELY == 0) {
                ring.abort();
            } else {
                ring.commit();
            }
        }

        @Override
        void commitMore(RingProducer ring) {
            if (++count % RARELY == 0) {
                ring.abort();
            } else {
                ring.commitMore();
            }
        }
    }

    static final class Duplicates extends Steps {

        private int count;

        @Override
        void advance(RingConsumer ring) {
            if (++count % RARELY != 0) {
                ring.advance();
            }
        }
    }

    static final class Swaps extends HandlerSteps {

        private int count;
        private MemorySegment held;

        @Override
        public Action onMessage(Connection connection, MemorySegment base, long offset, int length) {
            if (held == null && ++count % RARELY == 0) {
                held = Arena.ofAuto().allocate(length + 1L, 8);
                MemorySegment.copy(base, offset, held, 0, length);
                return Action.CONTINUE;
            }
            Action action = super.onMessage(connection, base, offset, length);
            if (held != null && action == Action.CONTINUE) {
                super.onMessage(connection, held.asReadOnly(), 0, (int) held.byteSize() - 1);
                held = null;
            }
            return action;
        }
    }

    static final class LosesEmpty extends HandlerSteps {

        @Override
        public Action onMessage(Connection connection, MemorySegment base, long offset, int length) {
            return length == 0 ? Action.CONTINUE : super.onMessage(connection, base, offset, length);
        }
    }

    static final class CorruptsAtTheWrap extends HandlerSteps {

        @Override
        public Action onMessage(Connection connection, MemorySegment base, long offset, int length) {
            if (length == 0 || base.byteSize() - offset - length >= Long.BYTES) {
                return super.onMessage(connection, base, offset, length);
            }
            MemorySegment copy = Arena.ofAuto().allocate(length, 8);
            MemorySegment.copy(base, offset, copy, 0, length);
            copy.set(ValueLayout.JAVA_BYTE, length - 1, (byte) ~copy.get(ValueLayout.JAVA_BYTE, length - 1));
            return super.onMessage(connection, copy.asReadOnly(), 0, length);
        }
    }

    static final class DeliversAborted extends Steps {

        @Override
        void abort(RingProducer ring) {
            ring.commit();
        }
    }

    static final class LeaksCredit extends Steps {

        private static final int CREDIT_BYTES = 1 << 20;
        private long leakedBytes;
        private int claimedBytes;

        @Override
        long claim(RingProducer ring, int length, int type) {
            claimedBytes = length + Long.BYTES;
            return leakedBytes + claimedBytes > CREDIT_BYTES
                    ? Results.BACK_PRESSURED
                    : super.claim(ring, length, type);
        }

        @Override
        void abort(RingProducer ring) {
            leakedBytes += claimedBytes;
            super.abort(ring);
        }
    }

    static final class AcceptsTooLarge extends Steps {

        @Override
        boolean isTooLarge(long length, int limitBytes) {
            return false;
        }
    }

    static final class SendsRefused extends Steps {

        @SuppressWarnings("ArrayRecordComponent") // compared by nobody
        private record Refused(Output output, byte[] bytes) {}

        private final ArrayDeque<Refused> refused = new ArrayDeque<>();
        private boolean sending;

        @Override
        void refuse(Output output, MemorySegment src, long offset, int length) {
            if (!sending) {
                refused.add(new Refused(output, src.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE)));
            }
        }

        @Override
        CompletionHandler deliverTo(CompletionHandler handler) {
            sending = true;
            Refused next = refused.peek();
            if (next != null && next.output.offer(MemorySegment.ofArray(next.bytes), 0, next.bytes.length) >= 0) {
                refused.remove();
            }
            sending = false;
            return handler;
        }
    }

    static final class ReusesViews extends Steps {

        private boolean shown;

        @Override
        void show(RingConsumer ring) {
            shown = true;
            ring.advance();
            ring.release();
        }

        @Override
        void advance(RingConsumer ring) {
            if (!shown) {
                ring.advance();
            }
            shown = false;
        }
    }

    static final class ConsumesAborted extends Steps {

        @Override
        boolean consumes(Action action) {
            return true;
        }
    }

    static final class ReleasesTwice extends Steps {

        private boolean threw;

        @Override
        boolean consumes(Action action) {
            threw = action == null;
            return super.consumes(action);
        }

        @Override
        void advance(RingConsumer ring) {
            ring.advance();
            if (threw && ring.next() >= 0) {
                ring.advance();
            }
            threw = false;
        }
    }

    static final class ReleasesNot extends Steps {

        @Override
        boolean consumes(Action action) {
            return action == Action.CONTINUE;
        }
    }

    static final class Allocates extends Steps {

        static volatile Object last;

        @Override
        void commit(RingProducer ring) {
            last = new Object[2];
            ring.commit();
        }

        @Override
        void commitMore(RingProducer ring) {
            last = new Object[2];
            ring.commitMore();
        }
    }
}
