package dev.sluice.shm.data;

import dev.sluice.DisconnectReason;

/** How far a connection has come, and why it is to end. Written by the poller or under the gate, read by any thread. */
final class Fate {
    private final Runnable signal;
    private volatile boolean announced;
    private volatile boolean closed;
    private volatile DisconnectReason lostReason;
    private volatile String lostWhy = "";

    /** Not announced yet. */
    Fate(Runnable signal) {
        this.signal = signal;
    }

    void announced() {
        announced = true;
    }

    boolean isAnnounced() {
        return announced;
    }

    void closed() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** The connection is to end, once what has arrived is delivered; the last reason counts. */
    void lost(DisconnectReason reason, String why) {
        lostWhy = why;
        lostReason = reason;
        signal.run();
    }

    boolean isLost() {
        return lostReason != null;
    }

    DisconnectReason lostReason() {
        return lostReason;
    }

    String lostWhy() {
        return lostWhy;
    }
}
