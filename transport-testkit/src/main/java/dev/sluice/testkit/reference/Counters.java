package dev.sluice.testkit.reference;

import dev.sluice.Diagnostics;

/** The counters of one end: the connection's thread writes, any thread reads. */
@SuppressWarnings("NonAtomicVolatileUpdate") // one writer
final class Counters implements Diagnostics {

    private final MemEnd connection;
    private volatile long copiedBytes;
    private volatile long sent;
    private volatile long received;
    private volatile long backPressured;

    Counters(MemEnd connection) {
        this.connection = connection;
    }

    void copied(long bytes) {
        copiedBytes += bytes;
    }

    void sent() {
        sent++;
    }

    void received() {
        received++;
    }

    void wasBackPressured() {
        backPressured++;
    }

    @Override
    public long copiedBytes() {
        return copiedBytes;
    }

    @Override
    public long sentPosition() {
        return sent;
    }

    @Override
    public long consumedPosition() {
        return connection.peerEnd().counters().received;
    }

    @Override
    public long receivedPosition() {
        return received;
    }

    @Override
    public int outstandingOperations() {
        return connection.outstandingOperations();
    }

    @Override
    public long backPressured() {
        return backPressured;
    }

    @Override
    public String endedBecause() {
        return connection.endedBecause();
    }
}
