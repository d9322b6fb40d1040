package dev.sluice.bench.pair;

import dev.sluice.Connection;
import dev.sluice.MemoryRegion;
import dev.sluice.RemoteRegion;
import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;

/**
 * One operation in a closed loop: post, then look whether its answer is there. Sequence numbers count from 0 without a gap
 * over the life of the connection. Neither method allocates.
 */
abstract class RoundTrip {

    private final NearEnd end;

    RoundTrip(NearEnd end) {
        this.end = end;
    }

    /** The operation that a spec names. */
    static RoundTrip of(NearEnd end) {
        return switch (end.spec().op()) {
            case MESSAGE -> new Message(end);
            case WRITE -> new Write(end);
            case WRITE_PINGPONG -> new WatchedWrite(end);
            case WRITE_IMM -> new Immediate(end);
            case READ -> new Read(end);
            case FETCH_ADD -> new FetchAdd(end);
            case COMPARE_SWAP -> new CompareSwap(end);
            case WRITE_FROM_FILE -> throw new IllegalArgumentException("a file is not measured in a closed loop");
        };
    }

    /** Posts; the result is that of the posting call. */
    abstract long post(long sequence);

    /** Whether the answer to that operation has arrived; throws when it is a wrong one. */
    abstract boolean arrived(long sequence);

    final NearEvents events() {
        return end.events();
    }

    final Connection connection() {
        return end.connection();
    }

    final MemoryRegion region() {
        return end.region();
    }

    final RemoteRegion remote() {
        return end.remote();
    }

    final MessagePort port() {
        return end.port();
    }

    final long sizeBytes() {
        return end.spec().sizeBytes();
    }

    final boolean check(boolean right, String what, long expected, long actual) {
        if (!right) {
            throw wrong(what, expected, actual);
        }
        return true;
    }

    private BenchException wrong(String what, long expected, long actual) {
        return new BenchException(ExitCodes.VERIFICATION_FAILED, end.spec().op().label() + " of " + sizeBytes()
                + " bytes: " + what + " should be " + expected + " but is " + actual);
    }

    /** A message there, one of the same length and stamp back. */
    private static final class Message extends RoundTrip {

        private final int length;
        private final long before;

        Message(NearEnd end) {
            super(end);
            length = Math.toIntExact(sizeBytes());
            before = events().messages();
        }

        @Override
        long post(long sequence) {
            return port().post(length, sequence);
        }

        @Override
        boolean arrived(long sequence) {
            NearEvents e = events();
            if (e.messages() - before <= sequence) {
                return false;
            }
            check(e.lastLength() == length, "the length of the answer", length, e.lastLength());
            return length < Long.BYTES
                    || check(e.lastStamp() == sequence, "the stamp of the answer", sequence, e.lastStamp());
        }
    }

    /** What ends with an own completion whose result is the length. */
    private abstract static class OneSided extends RoundTrip {

        private final long before;

        OneSided(NearEnd end) {
            super(end);
            before = events().completions();
        }

        @Override
        final boolean arrived(long sequence) {
            return events().completions() - before > sequence
                    && check(events().lastResult() == expected(sequence), "the result", expected(sequence),
                            events().lastResult());
        }

        long expected(long sequence) {
            return sizeBytes();
        }
    }

    private static final class Write extends OneSided {

        Write(NearEnd end) {
            super(end);
        }

        @Override
        long post(long sequence) {
            return connection().write(region(), 0, remote(), 0, sizeBytes(), 0, 0);
        }
    }

    private static final class Read extends OneSided {

        Read(NearEnd end) {
            super(end);
        }

        @Override
        long post(long sequence) {
            return connection().read(region(), 0, remote(), 0, sizeBytes(), 0, 0);
        }
    }

    /** The peer's memory starts at 0 and gains 1 with each operation. */
    private static final class FetchAdd extends OneSided {

        FetchAdd(NearEnd end) {
            super(end);
        }

        @Override
        long post(long sequence) {
            return connection().fetchAndAdd(remote(), 0, 1, 0, 0);
        }

        @Override
        long expected(long sequence) {
            return sequence;
        }
    }

    private static final class CompareSwap extends OneSided {

        CompareSwap(NearEnd end) {
            super(end);
        }

        @Override
        long post(long sequence) {
            return connection().compareAndSwap(remote(), 0, sequence, sequence + 1, 0, 0);
        }

        @Override
        long expected(long sequence) {
            return sequence;
        }
    }

    /** A write with immediate there, one of the same length and immediate back. */
    private static final class Immediate extends RoundTrip {

        private final long sourceOffset;

        Immediate(NearEnd end) {
            super(end);
            sourceOffset = end.slotBytes();
        }

        @Override
        long post(long sequence) {
            return connection().writeWithImmediate(region(), sourceOffset, remote(), 0, sizeBytes(), (int) sequence, 0,
                    0);
        }

        @Override
        boolean arrived(long sequence) {
            NearEvents e = events();
            if (e.immediates() <= sequence) {
                return false;
            }
            check(e.lastLength() == sizeBytes(), "the length of the answer", sizeBytes(), e.lastLength());
            int immediate = (int) sequence;
            return check(e.lastStamp() == immediate, "the immediate of the answer", immediate, e.lastStamp());
        }
    }

    /** Both ends watch the last aligned 8 bytes of what they were written; the number there is the sequence plus 1. */
    private static final class WatchedWrite extends RoundTrip {

        private final WatchedWord word;

        WatchedWrite(NearEnd end) {
            super(end);
            word = new WatchedWord(region().segment(), sizeBytes(), end.slotBytes());
        }

        @Override
        long post(long sequence) {
            word.prepare(sequence + 1);
            return connection().write(region(), word.sourceOffset(), remote(), 0, sizeBytes(), 0, 0);
        }

        @Override
        boolean arrived(long sequence) {
            return word.watch(sequence + 1);
        }
    }
}
