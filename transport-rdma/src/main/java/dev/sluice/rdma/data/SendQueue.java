package dev.sluice.rdma.data;

import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_SEND_SIGNALED;

import dev.sluice.rdma.internal.ffm.FfmQp;
import dev.sluice.rdma.internal.ffm.SendBatch;

/**
 * The send queue of one queue pair: what was posted and is not completed, in order, and the chain that the next doorbell posts.
 * Only the last request of a chain is signalled, when somebody waits for one of them, or enough went without: a completion
 * stands for all before it. Under the gate; allocates nothing.
 */
final class SendQueue {
    /** Requests that data may have under way. */
    static final int DATA_REQUESTS = 64;
    /** Requests kept for credits, heartbeats, the farewell and the marker. */
    static final int CONTROL_REQUESTS = 16;
    /** What the queue pair is made with. */
    static final int REQUESTS = DATA_REQUESTS + CONTROL_REQUESTS;

    private static final int CHAIN = 16;
    private static final int SIGNAL_EVERY = 16;
    private static final int MASK = Integer.highestOneBit(REQUESTS) * 2 - 1;

    /** What a completion means for a request. */
    interface Owner {
        /** A request has succeeded, or was flushed after a failure. */
        void retired(int slot, boolean lastOfSlot, int freedBytes, boolean succeeded);

        /** The first request that failed. */
        void failed(int slot, int status, int vendorError);

        /** The device refused a post. */
        void refused(int errno);
    }

    private final int place;
    private final int generation;
    private final Owner owner;
    private final int[] slots = new int[MASK + 1];
    private final boolean[] last = new boolean[MASK + 1];
    private final int[] freed = new int[MASK + 1];
    private final int signalBytes;
    /** Whether the device may take the acknowledgement of a repeated write for the answer to what came after it. */
    private final boolean mixesUpAnswers;
    private SendBatch batch;
    private int head;
    private int tail;
    private int chained;
    private int chainedFlags;
    private boolean wantsSignal;
    private int unsignalled;
    private int unsignalledBytes;
    private boolean broken;
    /** Behind the last request that the peer just acknowledges. */
    private int acknowledgedEnd;
    /** A read or an atomic waits for acknowledgements. */
    private boolean asking;
    private long doorbells;

    SendQueue(int place, int generation, Owner owner, int signalBytes, boolean mixesUpAnswers) {
        this.place = place;
        this.generation = generation;
        this.owner = owner;
        this.signalBytes = signalBytes;
        this.mixesUpAnswers = mixesUpAnswers;
    }

    /** What the requests of a queue pair are chained in. */
    static SendBatch batchFor(FfmQp queuePair) {
        return new SendBatch(queuePair, CHAIN, Operations.PIECES);
    }

    void open(SendBatch requests) {
        batch = requests;
    }

    /** Whether data may post so many. */
    boolean hasRoom(int requests) {
        return tail - head + requests <= DATA_REQUESTS && !broken && !(asking && hasUnacknowledged());
    }

    private boolean hasUnacknowledged() {
        return acknowledgedEnd - head > 0;
    }

    /**
     * Whether a read or an atomic may be posted now. If it has to wait for acknowledgements, no data is posted until they are
     * there; {@link #needsMarker} then says whether they will not tell.
     */
    boolean canAsk() {
        asking = mixesUpAnswers && hasUnacknowledged();
        return hasRoom(1);
    }

    /** Whether what is waited for was posted without a signal. */
    boolean needsMarker() {
        return asking && chained == 0 && unsignalled > 0 && hasControlRoom();
    }

    /** Whether one more of the transport's own fits. */
    boolean hasControlRoom() {
        return tail - head < REQUESTS && !broken;
    }

    /** Whether the marker of a drain fits: in the error state everything that is posted comes back. */
    boolean hasMarkerRoom() {
        return tail - head < REQUESTS;
    }

    boolean isEmpty() {
        return tail == head;
    }

    boolean isBroken() {
        return broken;
    }

    SendBatch batch() {
        return batch;
    }

    /** The place in {@link #batch} of the next request, to be filled before {@link #add}. */
    int next() {
        if (chained == CHAIN) {
            ring();
        }
        return chained;
    }

    /** The id of the request that {@link #next} is for. */
    long id() {
        return WrId.of(place, generation, WrId.SEND, tail);
    }

    /**
     * Chains the request that was filled in.
     *
     * @param slot of the operation, or -1
     * @param lastOfSlot whether the operation is done with it
     * @param freedBytes of the send space that are free afterwards
     * @param flags as filled in
     * @param signal whether somebody waits
     */
    void add(int slot, boolean lastOfSlot, int freedBytes, int flags, boolean signal) {
        int i = tail++ & MASK;
        slots[i] = slot;
        last[i] = lastOfSlot;
        freed[i] = freedBytes;
        chained++;
        chainedFlags = flags;
        wantsSignal |= signal;
        unsignalled++;
        unsignalledBytes += freedBytes;
        acknowledgedEnd = tail;
    }

    /** As {@link #add}, for a read or an atomic that {@link #canAsk}. */
    void ask(int slot, boolean lastOfSlot, int flags, boolean signal) {
        int end = acknowledgedEnd;
        add(slot, lastOfSlot, 0, flags, signal);
        acknowledgedEnd = end;
    }

    boolean isHeld() {
        return chained > 0;
    }

    /** Posts the chain. */
    void ring() {
        if (chained == 0) {
            return;
        }
        if (wantsSignal || asking || unsignalled >= SIGNAL_EVERY || unsignalledBytes >= signalBytes) {
            batch.flags(chained - 1, chainedFlags | IBV_SEND_SIGNALED);
            unsignalled = 0;
            unsignalledBytes = 0;
            wantsSignal = false;
        }
        int count = chained;
        chained = 0;
        doorbells++;
        int result = batch.post(count);
        if (result < 0) {
            tail -= count - batch.accepted(0);
            broken = true;
            owner.refused(-result);
        }
    }

    /** A request was completed, and with it all before it. */
    void completed(int number, int status, int vendorError) {
        if (number - head < 0 || number - tail >= 0) {
            return;
        }
        while (head != number) {
            retire(!broken);
        }
        if (status != 0 && !broken) {
            broken = true;
            owner.failed(slots[head & MASK], status, vendorError);
        }
        retire(status == 0);
    }

    private void retire(boolean succeeded) {
        int i = head++ & MASK;
        owner.retired(slots[i], last[i], freed[i], succeeded);
    }

    long doorbells() {
        return doorbells;
    }

    void close() {
        if (batch != null) {
            batch.close();
        }
    }
}
