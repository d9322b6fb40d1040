package dev.sluice.bench.pair;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What the near end of a {@link Mode#VERIFY} pair, or of a file transfer, asks of the far end in a message of
 * {@value #BYTES} bytes: kind, two arguments and a mark that comes back with the 16 bytes of the answer.
 */
final class Command {

    static final int BYTES = 32;
    static final int ANSWER_BYTES = 16;

    /** Answers the CRC-32C of the region from the first argument, as long as the second. */
    static final long CHECKSUM = 1;
    /** Fills the region from 0, as long as the second argument, with the content of the seed in the first. */
    static final long FILL = 2;
    /** Answers the 8 bytes at the first argument. */
    static final long PEEK = 3;
    /** Writes the 8 bytes at 0, from the first argument. */
    static final long POKE = 4;

    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Command() {}

    static void encode(MemorySegment to, long kind, long first, long second, long mark) {
        to.set(LONG, 0, kind);
        to.set(LONG, 8, first);
        to.set(LONG, 16, second);
        to.set(LONG, 24, mark);
    }

    /** Carries a command out on the far end's region; returns the answer. */
    static long carryOut(MemorySegment region, long kind, long first, long second) {
        if (kind == CHECKSUM) {
            return Content.checksum(region.asSlice(first, second));
        }
        if (kind == FILL) {
            Content.fill(region.asSlice(0, second), first);
            return second;
        }
        if (kind == PEEK) {
            return region.get(ValueLayout.JAVA_LONG, first);
        }
        if (kind == POKE) {
            region.set(ValueLayout.JAVA_LONG, 0, first);
            return first;
        }
        throw new IllegalArgumentException("unknown command " + kind + "; use the same release on both hosts");
    }
}
