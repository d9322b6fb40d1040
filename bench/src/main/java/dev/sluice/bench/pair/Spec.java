package dev.sluice.bench.pair;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * What one pair measures. The near end sends it along with its request to connect, as the 32 bytes of metadata, so that
 * the far end knows what to prepare before it accepts. Little-endian: magic (4), version, mode, operation, wait mode
 * (1 each), size (8), region bytes (8), depth (4), zero (4).
 *
 * @param mode what the pair is for
 * @param op the operation
 * @param waitMode how both ends wait
 * @param sizeBytes the length of one operation
 * @param regionBytes the memory each end prepares
 * @param depth operations outstanding at most
 */
record Spec(Mode mode, Op op, WaitMode waitMode, long sizeBytes, long regionBytes, int depth) {

    static final int ENCODED_BYTES = 32;

    private static final int MAGIC = 0x43_4e_42_53;
    private static final byte VERSION = 1;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The most memory one end prepares, so that a stranger's request cannot ask for everything. */
    static final long MAX_REGION_BYTES = 1L << 30;

    Spec {
        if (sizeBytes < 0 || regionBytes < 1 || regionBytes > MAX_REGION_BYTES || depth < 1 || depth > 1 << 16) {
            throw new IllegalArgumentException("size " + sizeBytes + " B, region " + regionBytes + " B, depth " + depth
                    + " are outside of what a bench peer serves (regions up to " + MAX_REGION_BYTES + " B)");
        }
    }

    @SuppressWarnings("EnumOrdinal") // the ordinals travel: the enumerations say that they grow at the end only
    String toHex() {
        MemorySegment s = MemorySegment.ofArray(new byte[ENCODED_BYTES]);
        s.set(INT, 0, MAGIC);
        s.set(ValueLayout.JAVA_BYTE, 4, VERSION);
        s.set(ValueLayout.JAVA_BYTE, 5, (byte) mode.ordinal());
        s.set(ValueLayout.JAVA_BYTE, 6, (byte) op.ordinal());
        s.set(ValueLayout.JAVA_BYTE, 7, (byte) waitMode.ordinal());
        s.set(LONG, 8, sizeBytes);
        s.set(LONG, 16, regionBytes);
        s.set(INT, 24, depth);
        return HexFormat.of().formatHex(s.toArray(ValueLayout.JAVA_BYTE));
    }

    /**
     * Reads what came along with a request.
     *
     * @param metadata the request's metadata
     * @return the spec
     * @throws IllegalArgumentException when it is not one; says why
     */
    static Spec decode(MemorySegment metadata) {
        if (metadata.byteSize() != ENCODED_BYTES || metadata.get(INT, 0) != MAGIC) {
            throw new IllegalArgumentException("this is a sluice bench peer; connect with 'sluice bench'");
        }
        byte version = metadata.get(ValueLayout.JAVA_BYTE, 4);
        if (version != VERSION) {
            throw new IllegalArgumentException("this sluice bench peer speaks version " + VERSION + ", not " + version
                    + "; use the same release on both hosts");
        }
        return new Spec(at(Mode.values(), metadata.get(ValueLayout.JAVA_BYTE, 5)),
                at(Op.values(), metadata.get(ValueLayout.JAVA_BYTE, 6)),
                at(WaitMode.values(), metadata.get(ValueLayout.JAVA_BYTE, 7)), metadata.get(LONG, 8),
                metadata.get(LONG, 16), metadata.get(INT, 24));
    }

    private static <E> E at(E[] values, byte ordinal) {
        if (ordinal < 0 || ordinal >= values.length) {
            throw new IllegalArgumentException("unknown test " + ordinal + "; use the same release on both hosts");
        }
        return values[ordinal];
    }
}
