package dev.sluice.tcp.hostile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A frame of the data socket, written by hand from its description: 24 bytes of header, an extension of longs, the payload,
 * zeros up to a multiple of 8, little-endian. Deliberately not the transport's own codec, which would share its mistakes.
 */
final class RawFrame {
    static final int MESSAGE = 1;

    static final int CONTROL = 2;

    static final int WRITE = 3;

    static final int READ = 4;

    static final int DATA = 5;

    static final int ATOMIC = 6;

    static final int RESULT = 7;

    static final int FILE_WRITE = 8;

    static final int FILE_ACK = 9;

    static final int END = 10;

    static final int CLOSE = 11;

    static final int TERMINATE = 12;

    static final int LAST = 1;

    static final int IMMEDIATE = 2;

    static final int SWAP = 4;

    private static final int HEADER_BYTES = 24;

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

    static RawFrame of(int type) {
        return new RawFrame(type);
    }

    static RawFrame message(int bytes) {
        return of(MESSAGE).payload(filled(bytes, 7));
    }

    static RawFrame write(long key, long offset, byte[] payload) {
        return of(WRITE).flags(LAST).extension(key, offset, payload.length, 0).payload(payload);
    }

    static RawFrame read(long key, long offset, long bytes) {
        return of(READ).flags(LAST).extension(key, offset, bytes);
    }

    static RawFrame add(long key, long offset, long delta) {
        return of(ATOMIC).flags(LAST).extension(key, offset, delta, 0);
    }

    static byte[] filled(int bytes, int value) {
        byte[] all = new byte[bytes];
        Arrays.fill(all, (byte) value);
        return all;
    }

    /** A frame of the type with an extension of the right length, all zeros. */
    static RawFrame blank(int type) {
        int longs = switch (type) {
            case DATA, RESULT -> 1;
            case READ -> 3;
            case WRITE, FILE_WRITE, ATOMIC -> 4;
            default -> 0;
        };
        return of(type).flags(LAST).extension(new long[longs]);
    }

    RawFrame flags(int value) {
        flags = value;
        return this;
    }

    RawFrame mark(int value) {
        mark = (short) value;
        return this;
    }

    /** Announces a length that is not the payload's. */
    RawFrame announce(int bytes) {
        announced = bytes;
        announcesOther = true;
        return this;
    }

    RawFrame credit(int bytes, int messages) {
        creditBytes = bytes;
        creditMessages = messages;
        return this;
    }

    RawFrame applied(int writes) {
        applied = writes;
        return this;
    }

    RawFrame slot(int value) {
        slot = value;
        return this;
    }

    RawFrame extension(long... values) {
        extension = values;
        return this;
    }

    RawFrame payload(byte[] bytes) {
        payload = bytes;
        return this;
    }

    byte[] bytes() {
        int padding = -payload.length & 7;
        ByteBuffer b = ByteBuffer.allocate(HEADER_BYTES + 8 * extension.length + payload.length + padding)
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
