package dev.sluice.aeron.conn;

import java.util.concurrent.TimeUnit;

/** Tells a state that lasts from one that passes: streams come and go while a handshake gets on. One thread. */
final class Lasting {
    private static final long LONG_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private long sinceNs;
    private boolean is;

    /** Whether something has been so at each look for long. */
    boolean isSoForLong(boolean isSo) {
        if (isSo && !is) {
            sinceNs = System.nanoTime();
        }
        is = isSo;
        return is && System.nanoTime() - sinceNs > LONG_NS;
    }
}
