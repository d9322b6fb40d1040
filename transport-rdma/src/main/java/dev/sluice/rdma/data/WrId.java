package dev.sluice.rdma.data;

/**
 * What a work request carries and its completion brings back: the connection's place in its queue, a generation that tells it
 * from an earlier connection at that place, whether it was a receive, and its number in the send queue.
 *
 * <pre>
 * 63..48 place   47..40 generation   39..32 kind   31..0 number
 * </pre>
 */
final class WrId {
    /** A send, write, read or atomic. */
    static final int SEND = 0;
    /** A receive. */
    static final int RECEIVE = 1;
    /** How many places a queue can have. */
    static final int MAX_PLACES = 1 << 16;

    private WrId() {}

    static long of(int place, int generation, int kind, int number) {
        return (long) place << 48 | (generation & 0xFFL) << 40 | (kind & 0xFFL) << 32 | Integer.toUnsignedLong(number);
    }

    static int place(long id) {
        return (int) (id >>> 48);
    }

    static int generation(long id) {
        return (int) (id >>> 40) & 0xFF;
    }

    static boolean isReceive(long id) {
        return ((int) (id >>> 32) & 0xFF) == RECEIVE;
    }

    static int number(long id) {
        return (int) id;
    }
}
