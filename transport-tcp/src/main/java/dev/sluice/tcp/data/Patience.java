package dev.sluice.tcp.data;

/**
 * Whether a poller that has to wait looks for a moment before it sleeps. To sleep and be woken costs microseconds of two
 * processors, so where waits are short, looking for about as long costs no more and answers sooner. Sleeps tell how long waits
 * are; and where looking finds nothing, because the peer needs this very processor to answer, it is soon given up.
 */
final class Patience {
    /** The longest look. */
    static final long LOOK_NS = 50_000L;
    /** The longest wait that counts as short. Where both ends slept, two wake-ups are part of it, which looking spares. */
    static final long SHORT_NS = 2 * LOOK_NS;
    private static final int LEAST_PAUSE = 8;
    private static final int LONGEST_PAUSE = 1024;

    private boolean waitsAreShort;
    /** How many waits sleep at once before the next one looks. */
    private int pause;
    private int nextPause = LEAST_PAUSE;

    /**
     * Asked once for each wait.
     *
     * @param timeoutNs the longest that it may take
     */
    boolean looksFirst(long timeoutNs) {
        if (!waitsAreShort || timeoutNs <= LOOK_NS) {
            return false;
        }
        if (pause > 0) {
            pause--;
            return false;
        }
        return true;
    }

    /** A look is over. */
    void looked(boolean found) {
        if (found) {
            nextPause = LEAST_PAUSE;
        } else {
            pause = nextPause;
            nextPause = Math.min(nextPause * 2, LONGEST_PAUSE);
        }
    }

    /** A wait is over that slept in the end. */
    void slept(long waitNs) {
        waitsAreShort = waitNs <= SHORT_NS;
    }
}
