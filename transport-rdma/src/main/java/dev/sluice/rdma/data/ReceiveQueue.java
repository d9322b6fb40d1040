package dev.sluice.rdma.data;

import dev.sluice.rdma.internal.ffm.FfmQp;
import dev.sluice.rdma.internal.ffm.ReceiveBatch;

/**
 * The receive queue of one queue pair. A receive takes no bytes, only the notice of a write with immediate, so all are alike and
 * are posted again in chains. Under the gate; allocates nothing.
 */
final class ReceiveQueue {
    /** Records that a peer may have under way. */
    static final int WINDOW = 64;
    /** Receives for the peer's credits: it sends one for a quarter of its window or its ring, so it never needs half of these. */
    static final int CREDITS = 16;
    /** What the queue pair is made with. */
    static final int REQUESTS = WINDOW + CREDITS;

    private static final int CHAIN = 16;

    private final long id;
    private ReceiveBatch batch;
    private int posted;
    private int free = REQUESTS;

    ReceiveQueue(int place, int generation) {
        id = WrId.of(place, generation, WrId.RECEIVE, 0);
    }

    void open(FfmQp queuePair) {
        batch = new ReceiveBatch(queuePair, CHAIN, 1);
        for (int i = 0; i < CHAIN; i++) {
            batch.receiveNothing(i, id);
        }
    }

    /** One was used. */
    void used() {
        posted--;
        free++;
    }

    /**
     * Whether enough is free to be worth a post. Half of the receives for credits is what the peer may have under way, so the
     * other half may wait; those of records may as long as their credit is not returned.
     */
    boolean isDue() {
        return free >= CREDITS / 2;
    }

    /** Posts what is free again; 0 or minus an errno. */
    int replenish() {
        while (free > 0) {
            int count = Math.min(free, CHAIN);
            int result = batch.post(count);
            if (result < 0) {
                return result;
            }
            free -= count;
            posted += count;
        }
        return 0;
    }

    boolean isEmpty() {
        return posted <= 0;
    }

    void close() {
        if (batch != null) {
            batch.close();
        }
    }
}
