package dev.sluice.testkit.hostile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A frame, written by hand from its description: 24 bytes of header, an extension of longs, the payload, little-endian.
 * Deliberately not the transports' own codec, which would share its mistakes.
 */
public final class RawFrame {
    /** A message. */
    public static final int MESSAGE = 1;
    /** A header alone, for what it returns. */
    public static final int CONTROL = 2;
    /** A write, with its payload. */
    public static final int WRITE = 3;
    /** A question for bytes. */
    public static final int READ = 4;
    /** Bytes that were asked for. */
    public static final int DATA = 5;
    /** A question for an atomic. */
    public static final int ATOMIC = 6;
    /** The old value of an atomic. */
    public static final int RESULT = 7;
    /** A write out of a file. */
    public static final int FILE_WRITE = 8;
    /** How many writes out of files are placed. */
    public static final int FILE_ACK = 9;
    /** The end of the output. */
    public static final int END = 10;
    /** The sender closes. */
    public static final int CLOSE = 11;
    /** The receiver broke the rules. */
    public static final int TERMINATE = 12;
    /** The last frame of an operation. */
    public static final int LAST = 1;
    /** A write that ends in an immediate. */
    public static final int IMMEDIATE = 2;
    /** An atomic that compares and swaps. */
    public static final int SWAP = 4;
    /** What stands before the extension. */
    public static final int HEADER_BYTES = 24;

    private final int type;

    private int announced = -1;

    private boolean announcesOther;

    private int flags;

    private short mark = 0x5C1E;

    private int creditBytes;

    private int creditMessages;

    private int applied;

    private int slot;

    private long[] extension = {};

    private byte[] payload = {};

    private RawFrame(int type) {
        this.type = type;
    }

    /**
     * An empty frame.
     *
     * @param type of a frame, or any other number
     * @return the frame
     */
    public static RawFrame of(int type) {
        return new RawFrame(type);
    }

    /**
     * A message.
     *
     * @param bytes its length
     * @return the frame
     */
    public static RawFrame message(int bytes) {
        return of(MESSAGE).payload(filled(bytes, 7));
    }

    /**
     * A write in one frame.
     *
     * @param key of a grant
     * @param offset in the granted memory
     * @param payload what is written
     * @return the frame
     */
    public static RawFrame write(long key, long offset, byte[] payload) {
        return of(WRITE).flags(LAST).extension(key, offset, payload.length, 0).payload(payload);
    }

    /**
     * A question for bytes.
     *
     * @param key of a grant
     * @param offset in the granted memory
     * @param bytes how many
     * @return the frame
     */
    public static RawFrame read(long key, long offset, long bytes) {
        return of(READ).flags(LAST).extension(key, offset, bytes);
    }

    /**
     * An atomic addition.
     *
     * @param key of a grant
     * @param offset in the granted memory
     * @param delta what is added
     * @return the frame
     */
    public static RawFrame add(long key, long offset, long delta) {
        return of(ATOMIC).flags(LAST).extension(key, offset, delta, 0);
    }

    /**
     * Bytes that are all the same.
     *
     * @param bytes how many
     * @param value each
     * @return the bytes
     */
    public static byte[] filled(int bytes, int value) {
        byte[] all = new byte[bytes];
        Arrays.fill(all, (byte) value);
        return all;
    }

    /**
     * A frame with an extension of the right length, all zeros.
     *
     * @param type of a frame
     * @return the frame
     */
    public static RawFrame blank(int type) {
        int longs = switch (type) {
            case DATA, RESULT -> 1;
            case READ -> 3;
            case WRITE, FILE_WRITE, ATOMIC -> 4;
            default -> 0;
        };
        return of(type).flags(LAST).extension(new long[longs]);
    }

    /**
     * Sets the flags.
     *
     * @param value the flags
     * @return this
     */
    public RawFrame flags(int value) {
        flags = value;
        return this;
    }

    /**
     * Sets the mark.
     *
     * @param value the mark, of 16 bits
     * @return this
     */
    public RawFrame mark(int value) {
        mark = (short) value;
        return this;
    }

    /**
     * Announces a length that is not the payload's.
     *
     * @param bytes the length
     * @return this
     */
    public RawFrame announce(int bytes) {
        announced = bytes;
        announcesOther = true;
        return this;
    }

    /**
     * Returns credits.
     *
     * @param bytes of messages consumed
     * @param messages consumed
     * @return this
     */
    public RawFrame credit(int bytes, int messages) {
        creditBytes = bytes;
        creditMessages = messages;
        return this;
    }

    /**
     * Acknowledges writes.
     *
     * @param writes applied in all
     * @return this
     */
    public RawFrame applied(int writes) {
        applied = writes;
        return this;
    }

    /**
     * Names an operation.
     *
     * @param value its slot
     * @return this
     */
    public RawFrame slot(int value) {
        slot = value;
        return this;
    }

    /**
     * Sets the extension, of whatever length.
     *
     * @param values of the extension
     * @return this
     */
    public RawFrame extension(long... values) {
        extension = values;
        return this;
    }

    /**
     * Sets the payload.
     *
     * @param bytes the payload
     * @return this
     */
    public RawFrame payload(byte[] bytes) {
        payload = bytes;
        return this;
    }

    /**
     * The frame in a stream of bytes, with the zeros behind it up to a multiple of 8.
     *
     * @return the bytes
     */
    public byte[] bytes() {
        byte[] frame = fragment();
        return Arrays.copyOf(frame, frame.length + (-payload.length & 7));
    }

    /**
     * The frame alone, as it stands in a fragment.
     *
     * @return the bytes
     */
    public byte[] fragment() {
        ByteBuffer b = ByteBuffer.allocate(HEADER_BYTES + 8 * extension.length + payload.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(announcesOther ? announced : payload.length).put((byte) type).put((byte) flags).putShort(mark);
        b.putInt(creditBytes).putInt(creditMessages).putInt(applied).putInt(slot);
        for (long value : extension) {
            b.putLong(value);
        }
        b.put(payload);
        return b.array();
    }

    /** What a test's name shows. */
    @Override
    public String toString() {
        return "type " + type + " announcing " + (announcesOther ? announced : payload.length) + " flags " + flags
                + " mark "
                + Integer.toHexString(mark & 0xffff) + " " + Arrays.toString(extension);
    }
}
