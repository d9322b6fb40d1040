package dev.sluice.auto;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;

/** 128 random bits that one rendezvous gives and one request for a connection brings back as its metadata. */
record Token(long high, long low) {

    static final int BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    static Token fresh() {
        return new Token(RANDOM.nextLong(), RANDOM.nextLong());
    }

    /** Null when this is none. */
    static Token ofMetadata(MemorySegment metadata) {
        return metadata.byteSize() == BYTES
                ? read(ByteBuffer.wrap(metadata.toArray(ValueLayout.JAVA_BYTE)))
                : null;
    }

    static Token read(ByteBuffer from) {
        return new Token(from.getLong(), from.getLong());
    }

    void write(ByteBuffer to) {
        to.putLong(high).putLong(low);
    }

    /** As the value of the option {@code metadata}. */
    String toMetadata() {
        byte[] bytes = new byte[BYTES];
        write(ByteBuffer.wrap(bytes));
        return HexFormat.of().formatHex(bytes);
    }

    /** Says nothing, so that no log tells it. */
    @Override
    public String toString() {
        return "token";
    }
}
