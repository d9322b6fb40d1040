package dev.sluice.bench.pair;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/** Bytes to tell apart what arrived from what did not, and their checksum. */
final class Content {

    private Content() {}

    /** Fills memory with the bytes of a seed, the same on every host. */
    static void fill(MemorySegment memory, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (long i = 0; i < memory.byteSize(); i++) {
            memory.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
    }

    /** Turns every bit. */
    static void invert(MemorySegment memory) {
        for (long i = 0; i < memory.byteSize(); i++) {
            memory.set(ValueLayout.JAVA_BYTE, i, (byte) ~memory.get(ValueLayout.JAVA_BYTE, i));
        }
    }

    /** The CRC-32C of memory of at most 2 GiB - 1. */
    static long checksum(MemorySegment memory) {
        CRC32C crc = new CRC32C();
        crc.update(memory.asByteBuffer());
        return crc.getValue();
    }
}
