package dev.sluice.tcp.data;

/** Whether an operation may be accepted, and when to tell a caller that was refused that it may try again. Under the gate. */
final class Admission {
    /** The operation is no message and no immediate. */
    static final int NO_MESSAGE = -1;

    private final Channel channel;
    private int wantBytes = NO_MESSAGE;
    private boolean wantRead;
    private boolean refused;

    Admission(Channel channel) {
        this.channel = channel;
    }

    /**
     * Whether slots and credits suffice.
     *
     * @param frameBytes what a message costs, 0 for an immediate, or {@link #NO_MESSAGE}
     * @param slot whether it needs a slot
     * @param read whether it counts towards the reads under way
     */
    boolean permits(int frameBytes, boolean slot, boolean read) {
        return (!slot || channel.ops.hasFree()) && (frameBytes < 0 || channel.flow.permits(frameBytes))
                && (!read || channel.readsInFlight < channel.agreement.outstandingReads());
    }

    /** Remembers what a caller wanted. */
    void refused(int frameBytes, boolean read) {
        refused = true;
        wantBytes = Math.max(wantBytes, frameBytes);
        wantRead |= read;
    }

    /** Whether everything that was refused since the caller was last told would be accepted now. */
    boolean nowWritable() {
        return refused && permits(wantBytes, true, wantRead) && (wantBytes < 0 || channel.sendRing.fits(wantBytes));
    }

    void told() {
        refused = false;
        wantBytes = NO_MESSAGE;
        wantRead = false;
    }
}
