package dev.sluice.testkit.peer;

import java.lang.foreign.MemorySegment;

/**
 * Checks a stream of messages and immediates that a {@link Flood} of the same seed posted: content, length, order, nothing
 * lost, nothing twice. For the thread that polls.
 */
public final class Sink {

    private final long seed;
    private long next;
    private long bytes;
    private long mismatches;
    private String firstMismatch = "";

    /**
     * Expects a stream from its beginning.
     *
     * @param seed of the stream
     */
    public Sink(long seed) {
        this.seed = seed;
    }

    /**
     * Takes a message.
     *
     * @param base its memory
     * @param offset where it begins
     * @param length in bytes
     */
    public void message(MemorySegment base, long offset, int length) {
        long wrong = Pattern.mismatches(base, offset, length, Pattern.ofMessage(seed, next, length));
        if (wrong > 0) {
            report("message " + next + " of " + length + " bytes has " + wrong + " wrong bytes"
                    + whatElse(base, offset, length));
        }
        bytes += length;
        next++;
    }

    /**
     * Takes an immediate.
     *
     * @param immediate its 32 bits, expected to be the sequence number
     */
    public void immediate(int immediate) {
        if (immediate != (int) next) {
            report("immediate " + immediate + " came in place " + next);
        }
        next++;
    }

    /**
     * How many arrived.
     *
     * @return messages and immediates
     */
    public long count() {
        return next;
    }

    /**
     * How many bytes arrived in messages.
     *
     * @return bytes
     */
    public long bytes() {
        return bytes;
    }

    /**
     * How many messages and immediates were not what was expected.
     *
     * @return a count
     */
    public long mismatches() {
        return mismatches;
    }

    /**
     * What was wrong first.
     *
     * @return a sentence, empty when all is well
     */
    public String firstMismatch() {
        return firstMismatch;
    }

    private void report(String what) {
        mismatches++;
        if (firstMismatch.isEmpty()) {
            firstMismatch = what;
        }
    }

    /** A neighbour's content tells loss and doubling from damage. */
    private String whatElse(MemorySegment base, long offset, int length) {
        for (long other = Math.max(0, next - 4); other < next + 5; other++) {
            if (other != next
                    && Pattern.mismatches(base, offset, length, Pattern.ofMessage(seed, other, length)) == 0) {
                return "; it is message " + other;
            }
        }
        return "";
    }
}
