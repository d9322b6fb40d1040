package dev.sluice.tcp.conn;

import dev.sluice.internal.control.Refusal;
import dev.sluice.internal.frames.Terms;
import dev.sluice.tcp.conn.Hello.Kind;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The handshake on the wire, little-endian. Every frame begins with: magic (8 bytes), version (2), length of the frame (2),
 * kind (1), length of the metadata (1), 2 reserved. The first 16 bytes, and the whole of a refusal, are the same in all
 * versions, so that a side can always tell another version why it refuses.
 *
 * <p>Hello and welcome, 128 bytes: token (16) at 16, id (8) at 32, position (8) at 40, detection time (8) at 48, window in
 * bytes (4) at 56 and in messages (4) at 60, longest message (4) at 64, longest claim (4) at 68, reads (4) at 72, reserved
 * (4), metadata (32) at 80, reserved (16). Refusal, 256 bytes: code (4) at 16, by the application (1) at 20, reserved (1),
 * length of the reason (2) at 22, reason (200) at 24, reserved (32). What is reserved or unused is zero, and checked.
 */
final class Wire {

    /** The version spoken here. */
    static final int VERSION = 1;
    /** Bytes of a hello or welcome. */
    static final int HELLO_BYTES = 128;
    /** Bytes of a refusal. */
    static final int REFUSAL_BYTES = 256;
    /** The most metadata of a hello. */
    static final int MAX_METADATA_BYTES = 32;
    /** "SLUICE" and a line end of two characters, which transfers in text mode would change. */
    static final long MAGIC = 0x0A0D_4543_4955_4C53L;

    private static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int LENGTH = 10;
    private static final int KIND = 12;
    private static final int METADATA_LENGTH = 13;
    private static final int TERMS = 32;
    private static final int METADATA = 80;
    private static final int CODE = 16;
    private static final int BY_APPLICATION = 20;
    private static final int REASON_LENGTH = 22;
    private static final int REASON = 24;
    private static final int SHOWN_BYTES = 16;

    private Wire() {}

    /** Writes a hello or welcome and returns its length. */
    static int encode(Hello hello, MemorySegment to) {
        header(to, HELLO_BYTES, hello.kind());
        to.set(U8, METADATA_LENGTH, (byte) hello.metadata().byteSize());
        to.set(I64, 16, hello.token().high());
        to.set(I64, 24, hello.token().low());
        Terms terms = hello.terms();
        to.set(I64, TERMS, terms.id());
        to.set(I64, TERMS + 8, terms.position());
        to.set(I64, TERMS + 16, terms.detectionNs());
        to.set(I32, TERMS + 24, terms.windowBytes());
        to.set(I32, TERMS + 28, terms.windowMessages());
        to.set(I32, TERMS + 32, terms.maxMessageBytes());
        to.set(I32, TERMS + 36, terms.maxClaimBytes());
        to.set(I32, TERMS + 40, terms.reads());
        MemorySegment.copy(hello.metadata(), 0, to, METADATA, hello.metadata().byteSize());
        return HELLO_BYTES;
    }

    /** Writes a refusal and returns its length. */
    static int encode(Refusal refusal, MemorySegment to) {
        header(to, REFUSAL_BYTES, Kind.REFUSE);
        byte[] reason = refusal.reasonBytes();
        to.set(I32, CODE, refusal.code());
        to.set(U8, BY_APPLICATION, (byte) (refusal.byApplication() ? 1 : 0));
        to.set(U16, REASON_LENGTH, (short) reason.length);
        MemorySegment.copy(reason, 0, to, U8, REASON, reason.length);
        return REFUSAL_BYTES;
    }

    private static void header(MemorySegment to, int lengthBytes, Kind kind) {
        to.asSlice(0, lengthBytes).fill((byte) 0);
        to.set(I64, 0, MAGIC);
        to.set(U16, 8, (short) VERSION);
        to.set(U16, LENGTH, (short) lengthBytes);
        to.set(U8, KIND, (byte) kind.number);
    }

    /**
     * Looks at the beginning of a frame, however little of it is there, so that nonsense is refused at once.
     *
     * @param from the bytes
     * @param available how many there are
     * @return the length of the whole frame, or {@link #REFUSAL_BYTES}, the longest, while its kind is not known
     * @throws HandshakeException when no more bytes can make it a frame
     */
    static int frameBytes(MemorySegment from, long available) throws HandshakeException {
        for (int i = 0; i < Math.min(available, Long.BYTES); i++) {
            if (from.get(U8, i) != (byte) (MAGIC >>> (8 * i))) {
                throw new HandshakeException(Refusal.NOT_SLUICE, notSluice(from, available));
            }
        }
        if (available <= KIND) {
            return REFUSAL_BYTES;
        }
        Kind kind = kind(from);
        int version = Short.toUnsignedInt(from.get(U16, 8));
        boolean refusal = kind == Kind.REFUSE;
        if (version != VERSION && !refusal) {
            throw new HandshakeException(Refusal.UNKNOWN_VERSION, "the peer speaks version " + version
                    + " of Sluice over TCP, this side speaks version " + VERSION + ": use the same release on both");
        }
        if (kind == null) {
            throw malformed("kind", from.get(U8, KIND));
        }
        int expected = refusal ? REFUSAL_BYTES : HELLO_BYTES;
        int length = Short.toUnsignedInt(from.get(U16, LENGTH));
        if (length != expected) {
            throw malformed("length", length);
        }
        return expected;
    }

    /** The kind of a frame whose beginning {@link #frameBytes} has accepted. */
    static Kind kind(MemorySegment from) {
        return Kind.of(from.get(U8, KIND));
    }

    /**
     * Reads a whole hello or welcome whose beginning {@link #frameBytes} has accepted.
     *
     * @throws HandshakeException when a field is not what the protocol allows
     */
    static Hello decodeHello(MemorySegment from) throws HandshakeException {
        int metadataBytes = Byte.toUnsignedInt(from.get(U8, METADATA_LENGTH));
        if (metadataBytes > MAX_METADATA_BYTES) {
            throw new HandshakeException(Refusal.MALFORMED,
                    "metadata of " + metadataBytes + " bytes is longer than " + MAX_METADATA_BYTES);
        }
        requireZero(from, 14, 16);
        requireZero(from, TERMS + 44, METADATA);
        requireZero(from, METADATA + metadataBytes, HELLO_BYTES);
        Terms terms = new Terms(from.get(I64, TERMS), from.get(I64, TERMS + 8), from.get(I64, TERMS + 16),
                from.get(I32, TERMS + 24), from.get(I32, TERMS + 28), from.get(I32, TERMS + 32),
                from.get(I32, TERMS + 36), from.get(I32, TERMS + 40));
        String fault = terms.fault();
        if (fault != null) {
            throw new HandshakeException(Refusal.BAD_LIMIT, fault);
        }
        Token token = new Token(from.get(I64, 16), from.get(I64, 24));
        MemorySegment metadata = metadataBytes == 0
                ? Hello.NO_METADATA
                : MemorySegment.ofArray(from.asSlice(METADATA, metadataBytes).toArray(U8)).asReadOnly();
        return new Hello(kind(from), token, terms, metadata);
    }

    /**
     * Reads a whole refusal whose beginning {@link #frameBytes} has accepted.
     *
     * @throws HandshakeException when the length of the reason is not what the protocol allows
     */
    static Refusal decodeRefusal(MemorySegment from) throws HandshakeException {
        int length = Short.toUnsignedInt(from.get(U16, REASON_LENGTH));
        if (length > Refusal.MAX_REASON_BYTES) {
            throw malformed("length of the reason", length);
        }
        String reason = new String(from.asSlice(REASON, length).toArray(U8), StandardCharsets.UTF_8);
        return new Refusal(from.get(U8, BY_APPLICATION) != 0, from.get(I32, CODE), reason);
    }

    private static void requireZero(MemorySegment from, int first, int end) throws HandshakeException {
        for (int i = first; i < end; i++) {
            if (from.get(U8, i) != 0) {
                throw malformed("reserved byte at " + i, from.get(U8, i));
            }
        }
    }

    private static HandshakeException malformed(String what, int value) {
        return new HandshakeException(Refusal.MALFORMED,
                "the " + what + " of the handshake is " + value + ", which the protocol does not allow");
    }

    private static String notSluice(MemorySegment from, long available) {
        StringBuilder hex = new StringBuilder("this is not Sluice over TCP: it begins with");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(available, SHOWN_BYTES); i++) {
            int b = Byte.toUnsignedInt(from.get(U8, i));
            hex.append(String.format(" %02x", b));
            text.append(b > ' ' && b < 0x7F ? (char) b : '.');
        }
        return hex.append(" (").append(text).append(')').toString();
    }
}
