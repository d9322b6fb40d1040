package dev.sluice.bench.pair;

/**
 * The slots of a region that operations use in turn, with the time each one was posted. The slot number is the cookie of
 * its operation. Use it on the queue's thread.
 */
final class Slots {

    /** No slot is free. */
    static final int NONE = -1;

    private final boolean[] busy;
    private final long[] postedNs;
    private int next;
    private int outstanding;

    Slots(int count) {
        busy = new boolean[count];
        postedNs = new long[count];
    }

    /** The slot that comes next, or {@link #NONE} while its last operation is still outstanding. */
    int peek() {
        return busy[next] ? NONE : next;
    }

    /** Marks the slot of {@link #peek()} as used. */
    void take(long nowNs) {
        busy[next] = true;
        postedNs[next] = nowNs;
        outstanding++;
        next = next + 1 == busy.length ? 0 : next + 1;
    }

    void release(long cookie) {
        busy[(int) cookie] = false;
        outstanding--;
    }

    long postedNs(long cookie) {
        return postedNs[(int) cookie];
    }

    int outstanding() {
        return outstanding;
    }
}
