package dev.sluice.bench.pair;

import dev.sluice.Action;
import dev.sluice.Connection;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The parts that a far end can play. */
final class Responders {

    private static final ValueLayout.OfLong STAMP = ValueLayout.JAVA_LONG_UNALIGNED;

    private Responders() {}

    /** Answers each message with one of the same length and stamp. */
    static final class Echo extends Responder {

        @Override
        Action received(MemorySegment base, long offset, int length) {
            long stamp = length >= Long.BYTES ? base.get(STAMP, offset) : 0;
            return port().post(length, stamp) < 0 ? Action.ABORT : Action.CONTINUE;
        }
    }

    /** Answers each message with the same bytes, every bit turned. */
    static final class InvertingEcho extends Responder {

        @Override
        Action received(MemorySegment base, long offset, int length) {
            MemorySegment answer = MemorySegment.ofArray(new byte[length]);
            MemorySegment.copy(base, offset, answer, 0, length);
            Content.invert(answer);
            return port().post(answer) < 0 ? Action.ABORT : Action.CONTINUE;
        }
    }

    /** Counts messages; tells the count when a message asks for it. */
    static final class Sink extends Responder {

        private final MemorySegment answer = MemorySegment.ofArray(new byte[Long.BYTES]);
        private long count;

        @Override
        Action received(MemorySegment base, long offset, int length) {
            if (base.get(STAMP, offset) != MessageStream.LAST) {
                count++;
                return Action.CONTINUE;
            }
            answer.set(STAMP, 0, count + 1);
            if (connection().offer(answer, 0, Long.BYTES) < 0) {
                return Action.ABORT;
            }
            count = 0;
            return Action.CONTINUE;
        }
    }

    /** Lets the peer work on the region, and carries out its commands. */
    static final class Commanded extends Responder {

        private final MemorySegment answer = MemorySegment.ofArray(new byte[Command.ANSWER_BYTES]);

        @Override
        boolean isPassive() {
            return true;
        }

        @Override
        Action received(MemorySegment base, long offset, int length) {
            if (length != Command.BYTES) {
                throw new IllegalArgumentException("a command has " + Command.BYTES + " bytes, not " + length);
            }
            long value = Command.carryOut(region().segment(), base.get(Command.LONG, offset),
                    base.get(Command.LONG, offset + 8), base.get(Command.LONG, offset + 16));
            answer.set(Command.LONG, 0, value);
            answer.set(Command.LONG, Long.BYTES, base.get(Command.LONG, offset + 24));
            return connection().offer(answer, 0, Command.ANSWER_BYTES) < 0 ? Action.ABORT : Action.CONTINUE;
        }
    }

    /** Answers each write with immediate by another one. */
    static final class ImmediateEcho extends Responder {

        @Override
        public Action onImmediate(Connection c, int value, long length) {
            long size = spec().sizeBytes();
            return connection().writeWithImmediate(region(), NearEnd.slotBytes(size), remote(), 0, size, value, 0,
                    0) < 0
                            ? Action.ABORT
                            : Action.CONTINUE;
        }
    }

    /** Watches the region's word and writes the same number back. */
    static final class Watcher extends Responder {

        private WatchedWord word;
        private long number;
        private boolean pending;

        @Override
        void tick() {
            if (remote() == null) {
                return;
            }
            long size = spec().sizeBytes();
            if (word == null) {
                word = new WatchedWord(region().segment(), size, NearEnd.slotBytes(size));
            }
            if (!pending && word.watch(number + 1)) {
                number++;
                word.prepare(number);
                pending = true;
            }
            if (pending) {
                pending = connection().write(region(), word.sourceOffset(), remote(), 0, size, 0, 0) < 0;
            }
        }
    }
}
