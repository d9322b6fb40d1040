package dev.sluice.internal.frames;

/** Whether an operation may be accepted, and when to tell a caller that was refused that it may try again. Under the gate. */
public final class Admission {
    /** The operation is no message and no immediate. */
    public static final int NO_MESSAGE = -1;

    private final Exchange channel;
    private int wantBytes = NO_MESSAGE;
    private boolean wantRead;
    private boolean refused;

    public Admission(Exchange channel) {
        this.channel = channel;
    }

    /**
     * Whether slots and credits suffice.
     *
     * @param frameBytes what a message costs, 0 for an immediate, or {@link #NO_MESSAGE}
     * @param slot whether it needs a slot
     * @param read whether it counts towards the reads under way
     */
    public boolean permits(int frameBytes, boolean slot, boolean read) {
        return (!slot || channel.ops.hasFree()) && (frameBytes < 0 || channel.flow.permits(frameBytes))
                && (!read || channel.readsInFlight < channel.agreement.outstandingReads());
    }

    /** Remembers what a caller wanted. */
    public void refused(int frameBytes, boolean read) {
        refused = true;
        wantBytes = Math.max(wantBytes, frameBytes);
        wantRead |= read;
    }

    /** Whether a caller that was refused waits to be told. */
    public boolean isAwaited() {
        return refused;
    }

    /** Whether everything that was refused since the caller was last told would be accepted now. */
    public boolean nowWritable() {
        return refused && permits(wantBytes, true, wantRead) && (wantBytes < 0 || channel.sendRing.fits(wantBytes));
    }

    public void told() {
        refused = false;
        wantBytes = NO_MESSAGE;
        wantRead = false;
    }
}
