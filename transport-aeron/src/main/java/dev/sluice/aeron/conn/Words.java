package dev.sluice.aeron.conn;

import dev.sluice.internal.control.Refusal;
import dev.sluice.internal.frames.Terms;

import java.lang.foreign.MemorySegment;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What is said on streams of control, little-endian. Every word begins with magic (8 bytes), version (2), kind (2) and its
 * length (4); that, and the whole of a refusal, are the same in all versions, so that a side can always tell another version
 * why it refuses.
 *
 * <p>Terms are id, position, detection time (8 each), window in bytes and in messages, longest message, longest claim, reads
 * (4 each). A hello has terms, the {@linkplain Reply way back} and metadata; a welcome terms and two streams; a refusal code,
 * whether the application says it, and the reason; a beat its number and how many messages the handler has consumed.
 */
final class Words {
    /** The version spoken here. */
    static final int VERSION = 1;
    /** The longest word. */
    static final int MAX_BYTES = 320;
    private static final int MAX_METADATA_BYTES = 32;
    /** What follows the beginning of a beat. */
    static final int BEAT_BYTES = 16;

    /** What a word is. */
    enum Kind {
        /** From the dialling side: it wants to connect. */
        HELLO(1),
        /** The answer: yes. */
        WELCOME(2),
        /** The answer: no. */
        REFUSE(3),
        /** From either side, now and then: it lives. */
        BEAT(4),
        /** From either side: it closes. */
        BYE(5);

        /** Its number on the wire. */
        final int number;

        Kind(int number) {
            this.number = number;
        }

        /** The kind with a number, or null. */
        static Kind of(int number) {
            for (Kind kind : values()) {
                if (kind.number == number) {
                    return kind;
                }
            }
            return null;
        }
    }

    /** "SLUICE" and the transport's first letters. */
    private static final long MAGIC = 0x4541_4543_4955_4C53L;
    private static final int HEADER_BYTES = 16;

    private Words() {}

    static byte[] hello(Terms terms, Reply reply, byte[] metadata) {
        ByteBuffer to = begin();
        put(to, terms);
        reply.put(to);
        putBytes(to, metadata);
        return end(to, Kind.HELLO);
    }

    static byte[] welcome(Terms terms, int controlStream, int dataStream) {
        ByteBuffer to = begin();
        put(to, terms);
        to.putInt(controlStream).putInt(dataStream);
        return end(to, Kind.WELCOME);
    }

    static byte[] refusal(Refusal refusal) {
        ByteBuffer to = begin();
        to.putInt(refusal.code()).putInt(refusal.byApplication() ? 1 : 0);
        putBytes(to, refusal.reasonBytes());
        return end(to, Kind.REFUSE);
    }

    static void beat(ByteBuffer to, Kind kind, long number, long consumed) {
        to.clear().order(ByteOrder.LITTLE_ENDIAN);
        to.position(HEADER_BYTES);
        to.putLong(number).putLong(consumed);
        finish(to, kind);
    }

    private static ByteBuffer begin() {
        return ByteBuffer.allocate(MAX_BYTES).order(ByteOrder.LITTLE_ENDIAN).position(HEADER_BYTES);
    }

    private static byte[] end(ByteBuffer to, Kind kind) {
        finish(to, kind);
        byte[] bytes = new byte[to.remaining()];
        to.get(bytes);
        return bytes;
    }

    private static void finish(ByteBuffer to, Kind kind) {
        to.flip();
        to.putLong(0, MAGIC).putShort(8, (short) VERSION).putShort(10, (short) kind.number).putInt(12, to.limit());
    }

    private static void put(ByteBuffer to, Terms terms) {
        to.putLong(terms.id()).putLong(terms.position()).putLong(terms.detectionNs()).putInt(terms.windowBytes())
                .putInt(terms.windowMessages()).putInt(terms.maxMessageBytes()).putInt(terms.maxClaimBytes())
                .putInt(terms.reads());
    }

    static void putBytes(ByteBuffer to, byte[] bytes) {
        to.putInt(bytes.length).put(bytes);
    }

    /**
     * Looks at the beginning of a word.
     *
     * @param from little-endian, from its first byte; behind the beginning afterwards
     * @return the kind
     * @throws HandshakeException when this is no word, or one of another version
     */
    static Kind kind(ByteBuffer from) throws HandshakeException {
        from.order(ByteOrder.LITTLE_ENDIAN);
        if (from.remaining() < HEADER_BYTES || from.getLong(0) != MAGIC) {
            throw new HandshakeException(Refusal.NOT_SLUICE, "this is not Sluice over Aeron");
        }
        Kind kind = Kind.of(from.getShort(10));
        if (from.getShort(8) != VERSION && kind != Kind.REFUSE) {
            throw new HandshakeException(Refusal.UNKNOWN_VERSION, "the peer speaks version " + from.getShort(8)
                    + " of Sluice over Aeron, this side speaks version " + VERSION + ": use the same release on both");
        }
        if (kind == null || from.getInt(12) != from.remaining()) {
            throw new HandshakeException(Refusal.MALFORMED,
                    "kind " + from.getShort(10) + " and length " + from.getInt(12)
                            + " of a word of " + from.remaining() + " bytes");
        }
        from.position(HEADER_BYTES);
        return kind;
    }

    static Hello readHello(ByteBuffer from) throws HandshakeException {
        try {
            Terms terms = readTerms(from);
            Reply reply = Reply.read(from);
            byte[] metadata = readBytes(from, MAX_METADATA_BYTES);
            return new Hello(terms, reply, MemorySegment.ofArray(metadata).asReadOnly());
        } catch (BufferUnderflowException e) {
            throw new HandshakeException(Refusal.MALFORMED, "the hello ends too early");
        }
    }

    static Welcome readWelcome(ByteBuffer from) throws HandshakeException {
        try {
            return new Welcome(readTerms(from), from.getInt(), from.getInt());
        } catch (BufferUnderflowException e) {
            throw new HandshakeException(Refusal.MALFORMED, "the welcome ends too early");
        }
    }

    static Refusal readRefusal(ByteBuffer from) throws HandshakeException {
        try {
            int code = from.getInt();
            boolean byApplication = from.getInt() != 0;
            byte[] reason = readBytes(from, Refusal.MAX_REASON_BYTES);
            return new Refusal(byApplication, code, new String(reason, StandardCharsets.UTF_8));
        } catch (BufferUnderflowException e) {
            throw new HandshakeException(Refusal.MALFORMED, "the refusal ends too early");
        }
    }

    private static Terms readTerms(ByteBuffer from) throws HandshakeException {
        Terms terms = new Terms(from.getLong(), from.getLong(), from.getLong(), from.getInt(), from.getInt(),
                from.getInt(), from.getInt(), from.getInt());
        String fault = terms.fault();
        if (fault != null) {
            throw new HandshakeException(Refusal.BAD_LIMIT, fault);
        }
        return terms;
    }

    static byte[] readBytes(ByteBuffer from, int most) throws HandshakeException {
        int length = from.getInt();
        if (length < 0 || length > most) {
            throw new HandshakeException(Refusal.MALFORMED, length + " bytes, of at most " + most);
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }
}
