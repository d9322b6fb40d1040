package dev.sluice.aeron.data;

import dev.sluice.DisconnectReason;
import dev.sluice.internal.frames.Frame;
import dev.sluice.internal.frames.Lifeline;

/** How a connection comes to its end: judges what is wrong, says the last words, closes the streams. Under the gate. */
final class Ending {
    /** How long the lifeline may take to tell a close from a death, once the peer's stream has ended. */
    private static final long VERDICT_NS = 1_000_000_000L;

    private final Channel channel;
    private final FileLane files;
    private final Inbound in;
    private final Outbound out;
    private final Lifeline lifeline;
    private long inputOverNs;
    private volatile DisconnectReason lostReason;
    private volatile String lostWhy = "";

    Ending(Channel channel, FileLane files, Inbound in, Outbound out, Lifeline lifeline) {
        this.channel = channel;
        this.files = files;
        this.in = in;
        this.out = out;
        this.lifeline = lifeline;
    }

    /** The lifeline lost the peer; its thread, without the gate. */
    void peerLost(DisconnectReason reason, String why) {
        lostWhy = why;
        lostReason = reason;
    }

    /** Whether the lifeline lost the peer; any thread. */
    boolean isPeerLost() {
        return lostReason != null;
    }

    /** Whether there is something to judge. */
    boolean isDue() {
        return channel.inputOver || channel.isViolated() || lostReason != null;
    }

    /** Ends the connection when there is reason to. */
    void check() {
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
            boolean said = out.lastWords(Frame.TERMINATE, channel.violatedAccess() ? 1 : 0, channel.violatedSlot(),
                    channel.violation());
            if (said || channel.outputBroken || channel.lastWordsOverdue()) {
                channel.endViolated();
            }
        } else if (lost != null && !in.likelyMore()) {
            channel.end(lost, lostWhy);
        } else if (channel.inputOver) {
            inputOverNs = inputOverNs == 0 ? System.nanoTime() : inputOverNs;
            if (System.nanoTime() - inputOverNs > VERDICT_NS) {
                channel.end(DisconnectReason.PEER_DIED, "the stream of " + channel.peer
                        + " ended without a word; its process died or its media driver was stopped");
            }
        }
    }

    /** Closes the streams: from here on nothing of the transport touches memory of the user. */
    void finish() {
        if (channel.closed) {
            return;
        }
        channel.closed = true;
        if (channel.endReason() == DisconnectReason.LOCAL_CLOSE) {
            out.lastWords(Frame.CLOSE, 0, 0, channel.endWhy());
        }
        lifeline.close();
        channel.flushAll();
        files.close();
        channel.finished = true;
    }
}
