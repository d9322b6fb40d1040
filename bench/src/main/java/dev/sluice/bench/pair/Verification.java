package dev.sluice.bench.pair;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;

import java.lang.foreign.MemorySegment;

/**
 * Proves, before anything is timed, that an operation moves the bytes it should: random content, checked at the end that
 * received it. Allocates as it likes.
 */
final class Verification {

    private static final int ROUNDS = 3;

    private final NearEnd end;
    private final long sizeBytes;
    private long mark;

    Verification(NearEnd end) {
        this.end = end;
        sizeBytes = end.spec().sizeBytes();
    }

    /** Checks the spec's operation; throws when bytes differ. */
    void run() {
        for (int seed = 1; seed <= ROUNDS; seed++) {
            switch (end.spec().op()) {
                case MESSAGE -> message(seed);
                case WRITE, WRITE_PINGPONG -> write(seed);
                case WRITE_IMM -> immediate(seed);
                case READ -> read(seed);
                case FETCH_ADD -> fetchAdd(seed);
                case COMPARE_SWAP -> compareSwap(seed);
                case WRITE_FROM_FILE ->
                    throw new IllegalArgumentException("a file is verified where it is transferred");
            }
        }
    }

    /** The far end answers every bit turned, so that it must have seen them. */
    private void message(long seed) {
        MemorySegment sent = heap(sizeBytes);
        Content.fill(sent, seed);
        MemorySegment answer = heap(sizeBytes);
        end.events().captureInto(answer);
        long before = end.events().messages();
        post(() -> end.port().post(sent));
        while (end.events().messages() == before) {
            end.step();
        }
        end.events().captureInto(null);
        Content.invert(answer);
        expect("the length of the answer", sizeBytes, end.events().lastLength());
        expect("the first differing byte", -1, sent.mismatch(answer));
    }

    private void write(long seed) {
        Content.fill(source(), seed);
        complete(() -> end.connection().write(end.region(), 0, end.remote(), 0, sizeBytes, 0, 0));
        expect("the checksum of the peer's memory", Content.checksum(source()), ask(Command.CHECKSUM, 0, sizeBytes));
    }

    private void immediate(long seed) {
        Content.fill(source(), seed);
        complete(() -> end.connection().writeWithImmediate(end.region(), 0, end.remote(), 0, sizeBytes, (int) seed, 0,
                0));
        expect("the checksum of the peer's memory", Content.checksum(source()), ask(Command.CHECKSUM, 0, sizeBytes));
    }

    private void read(long seed) {
        ask(Command.FILL, seed, sizeBytes);
        complete(() -> end.connection().read(end.region(), 0, end.remote(), 0, sizeBytes, 0, 0));
        MemorySegment expected = heap(sizeBytes);
        Content.fill(expected, seed);
        expect("the first differing byte", -1, source().mismatch(expected));
    }

    private void fetchAdd(long seed) {
        ask(Command.POKE, seed, 0);
        expect("the old value", seed, complete(() -> end.connection().fetchAndAdd(end.remote(), 0, 40, 0, 0)));
        expect("the old value", seed + 40, complete(() -> end.connection().fetchAndAdd(end.remote(), 0, 2, 0, 0)));
        expect("the new value", seed + 42, ask(Command.PEEK, 0, 0));
    }

    private void compareSwap(long seed) {
        ask(Command.POKE, seed, 0);
        expect("the old value", seed,
                complete(() -> end.connection().compareAndSwap(end.remote(), 0, seed, -seed, 0, 0)));
        expect("the old value", -seed,
                complete(() -> end.connection().compareAndSwap(end.remote(), 0, seed, 7, 0, 0)));
        expect("the value after a failed swap", -seed, ask(Command.PEEK, 0, 0));
    }

    private interface Post {
        long post();
    }

    private void post(Post operation) {
        while (!end.accepted(operation.post())) {
            end.step();
        }
    }

    /** Posts, waits for the completion, returns its result. */
    private long complete(Post operation) {
        long before = end.events().completions();
        post(operation);
        while (end.events().completions() == before) {
            end.step();
        }
        return end.events().lastResult();
    }

    /** Has the far end carry a command out; returns its answer. */
    long ask(long kind, long first, long second) {
        MemorySegment command = heap(Command.BYTES);
        Command.encode(command, kind, first, second, ++mark);
        MemorySegment answer = heap(Command.ANSWER_BYTES);
        end.events().captureInto(answer);
        long before = end.events().messages();
        post(() -> end.connection().offer(command, 0, Command.BYTES));
        while (end.events().messages() == before) {
            end.step();
        }
        end.events().captureInto(null);
        expect("the mark of the answer", mark, answer.get(Command.LONG, Long.BYTES));
        return answer.get(Command.LONG, 0);
    }

    /** Throws when they differ. */
    void expect(String what, long expected, long actual) {
        if (expected != actual) {
            throw new BenchException(ExitCodes.VERIFICATION_FAILED,
                    end.connection().transport().scheme() + " " + end.spec().op().label() + " of " + sizeBytes
                            + " bytes: " + what + " should be " + expected + " but is " + actual);
        }
    }

    private MemorySegment source() {
        return end.region().segment().asSlice(0, sizeBytes);
    }

    private static MemorySegment heap(long bytes) {
        return MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
    }
}
