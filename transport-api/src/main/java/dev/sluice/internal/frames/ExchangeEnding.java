package dev.sluice.internal.frames;

import dev.sluice.DisconnectReason;

/** How a connection comes to its end: judges what is wrong, has the last words said and the transport let go. Under the gate. */
public abstract class ExchangeEnding {
    /** For how long a farewell waits for what was sent before it: a lost packet of that is sent again within this time. */
    private static final long FAREWELL_NS = 1_000_000_000L;

    private final Exchange channel;
    private final Lifeline lifeline;
    private final long verdictNs;
    private final String silentEnd;
    private long inputOverNs;
    private volatile DisconnectReason lostReason;
    private String lostWhy = "";
    private long lostNs;

    /**
     * No end in sight.
     *
     * @param channel that ends
     * @param lifeline judges whether the peer lives; closed with the connection
     * @param verdictNs how long it may take to tell a close from a death, once the peer's output is over
     * @param silentEnd what the user reads when that is over without a word
     */
    protected ExchangeEnding(Exchange channel, Lifeline lifeline, long verdictNs, String silentEnd) {
        this.channel = channel;
        this.lifeline = lifeline;
        this.verdictNs = verdictNs;
        this.silentEnd = silentEnd;
    }

    /** Says the last words; false when there is no space for them. */
    protected abstract boolean lastWords(int type, int flags, int slot, String text);

    /** Whether the peer has sent more than is read. */
    protected abstract boolean hasUnread();

    /** Whether the peer's output is known to be over, and all of it read; any thread. */
    protected boolean isOutputRead() {
        return channel.inputOver;
    }

    /** Lets go of what bytes are moved by: afterwards nothing of the transport touches memory of the user. */
    protected abstract void closeStreams();

    /** Lets go of files. */
    protected abstract void closeFiles();

    /** The lifeline lost the peer; its thread, without the gate. */
    public final void peerLost(DisconnectReason reason, String why) {
        lostWhy = why;
        lostNs = System.nanoTime();
        lostReason = reason;
    }

    /** Whether the lifeline lost the peer; any thread. */
    public final boolean isPeerLost() {
        return lostReason != null;
    }

    /** Whether the peer is lost and it is time to say so; any thread. */
    public final boolean isLossDue() {
        DisconnectReason lost = lostReason;
        return lost != null && !isAhead(lost);
    }

    /**
     * Whether what the lifeline said came before what the peer sent earlier. The two go different ways, and the peer's last
     * words tell more than its farewell; they are followed by the end of its output.
     */
    private boolean isAhead(DisconnectReason lost) {
        return lost == DisconnectReason.PEER_CLOSED && !isOutputRead() && System.nanoTime() - lostNs < FAREWELL_NS;
    }

    /** Whether there is something to judge. */
    public final boolean isDue() {
        return channel.inputOver || channel.isViolated() || lostReason != null;
    }

    /** Ends the connection when there is reason to. */
    public final void check() {
        if (isDue()) {
            judge();
        }
        if (channel.isEnded()) {
            finish();
        }
    }

    /** The peer is gone, silent or broke the rules: decides what to call it, once all it sent is read. */
    private void judge() {
        if (channel.isEnded()) {
            return;
        }
        DisconnectReason lost = lostReason;
        if (channel.isViolated()) {
            boolean said = lastWords(Frame.TERMINATE, channel.violatedAccess() ? 1 : 0, channel.violatedSlot(),
                    channel.violation());
            if (said || channel.outputBroken || channel.lastWordsOverdue()) {
                channel.endViolated();
            }
        } else if (lost != null && !hasUnread() && !isAhead(lost)) {
            channel.end(lost, lostWhy);
        } else if (channel.inputOver) {
            inputOverNs = inputOverNs == 0 ? System.nanoTime() : inputOverNs;
            if (System.nanoTime() - inputOverNs > verdictNs) {
                channel.end(DisconnectReason.PEER_DIED, silentEnd);
            }
        }
    }

    /** Ends it, once; every operation has completed afterwards. */
    public final void finish() {
        if (channel.closed) {
            return;
        }
        channel.closed = true;
        if (channel.endReason() == DisconnectReason.LOCAL_CLOSE) {
            lastWords(Frame.CLOSE, 0, 0, channel.endWhy());
        }
        closeStreams();
        lifeline.close();
        channel.flushAll();
        closeFiles();
        channel.finished = true;
    }
}
