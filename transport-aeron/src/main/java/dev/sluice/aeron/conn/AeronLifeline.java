package dev.sluice.aeron.conn;

import dev.sluice.DisconnectReason;
import dev.sluice.internal.frames.Agreement;
import dev.sluice.internal.frames.Lifeline;
import dev.sluice.internal.frames.Terms;
import io.aeron.Image;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import org.agrona.DirectBuffer;

import java.net.URI;
import java.nio.ByteBuffer;

/**
 * The streams of control of a connection. Each side judges by its own detection time and sends five beats within that of the
 * other. It beats from the end of the handshake on, and judges from {@link #start()} on. Fields without a modifier of
 * concurrency belong to the control thread.
 */
final class AeronLifeline implements Lifeline {
    private static final int BEATS_PER_DETECTION_TIME = 5;
    private static final long MIN_INTERVAL_NS = 10_000_000L;
    private static final long MAX_INTERVAL_NS = 1_000_000_000L;
    /** Beats that are so rare may wait for the driver's own next look. */
    private static final long UNHURRIED_NS = MAX_INTERVAL_NS;
    private static final int READS = 16;

    private final Pulse pulse;
    private final Wiring wiring;
    private final URI peer;
    private final long detectionNs;
    private final long intervalNs;
    private final long pauseNs;
    private final ByteBuffer word = ByteBuffer.allocate(Words.MAX_BYTES);
    private final byte[] heard = new byte[Words.MAX_BYTES];
    private final BufferClaim claim = new BufferClaim();
    private final FragmentHandler hearing = (buffer, offset, length, header) -> hear(buffer, offset, length);
    private volatile Listener listener;
    private long sentNumber;
    private long heardNumber;
    private long consumedByPeer;
    private long lastConsumed;
    private long heardNs;
    private long nextBeatNs;
    private long lastLookNs;
    private boolean started;
    private boolean ended;
    private DisconnectReason lostReason;
    private String lostWhy;

    AeronLifeline(Pulse pulse, Wiring wiring, URI peer, Terms mine, Terms theirs) {
        this.pulse = pulse;
        this.wiring = wiring;
        this.peer = peer;
        Agreement agreement = mine.agree(theirs);
        detectionNs = mine.detectionNs();
        intervalNs = interval(theirs.detectionNs());
        pauseNs = interval(detectionNs);
        consumedByPeer = agreement.localPosition();
        lastConsumed = agreement.peerPosition();
    }

    private static long interval(long detectionNs) {
        return Math.clamp(detectionNs / BEATS_PER_DETECTION_TIME, MIN_INTERVAL_NS, MAX_INTERVAL_NS);
    }

    /** Begins to beat; any thread, once. */
    AeronLifeline begin() {
        wiring.thread().tellOfBeats(wiring.controlIn().sessionId(), pulse::nudge);
        pulse.execute(() -> {
            heardNs = System.nanoTime();
            lastLookNs = heardNs;
            nextBeatNs = heardNs;
            pulse.add(this);
        });
        return this;
    }

    /** Says who hears of the peer; before {@link #start()}. */
    Lifeline bind(Listener who) {
        listener = who;
        return this;
    }

    @Override
    public void start() {
        pulse.execute(() -> {
            started = true;
            heardNs = System.nanoTime();
            listener.peerConsumed(consumedByPeer);
            if (lostReason != null) {
                listener.peerLost(lostReason, lostWhy);
            }
        });
    }

    @Override
    public void close() {
        if (!pulse.execute(this::farewell)) {
            closeWiring();
        }
    }

    /** How rarely it may be looked at: half of the shortest time that it measures. */
    long longestLookNs() {
        return Math.min(intervalNs, pauseNs) / 2;
    }

    /** Hears, judges, beats. */
    void look(long nowNs) {
        boolean paused = nowNs - lastLookNs > pauseNs;
        lastLookNs = nowNs;
        if (ended) {
            return;
        }
        Image image = wiring.controlIn();
        image.poll(hearing, READS);
        if (paused) {
            // It was this process that paused. What had arrived is heard; from here on the peer has its full time.
            heardNs = nowNs;
        }
        if (nowNs - nextBeatNs >= 0) {
            nextBeatNs = nowNs + intervalNs;
            beat(Words.Kind.BEAT);
        }
        if (started && !ended && nowNs - heardNs >= detectionNs) {
            lost(DisconnectReason.PEER_UNREACHABLE, "nothing was heard from the process of " + peer + " for "
                    + (nowNs - heardNs) / 1_000_000 + " ms (detectionTime " + detectionNs / 1_000_000
                    + " ms). It is dead or stopped, or the network between is down");
        }
    }

    private void hear(DirectBuffer buffer, int offset, int length) {
        if (ended) {
            return;
        }
        int kept = Math.min(length, heard.length);
        buffer.getBytes(offset, heard, 0, kept);
        ByteBuffer from = ByteBuffer.wrap(heard, 0, kept).slice();
        try {
            Words.Kind kind = Words.kind(from);
            if (from.remaining() != Words.BEAT_BYTES) {
                throw new HandshakeException(0, kind + " of " + from.remaining() + " bytes");
            }
            long number = from.getLong();
            long consumed = from.getLong();
            if ((kind != Words.Kind.BEAT && kind != Words.Kind.BYE) || number != heardNumber + 1
                    || consumed - consumedByPeer < 0) {
                throw new HandshakeException(0, kind + " " + number + " after " + heardNumber + ", consumed "
                        + consumed + " after " + consumedByPeer);
            }
            heardNumber = number;
            heardNs = System.nanoTime();
            consumed(consumed);
            if (kind == Words.Kind.BYE) {
                lost(DisconnectReason.PEER_CLOSED, peer + " closed the connection");
            }
        } catch (HandshakeException e) {
            lost(DisconnectReason.PROTOCOL_ERROR, "the heartbeat of " + peer + " is malformed: " + e.getMessage());
        }
    }

    private void consumed(long position) {
        if (position != consumedByPeer) {
            consumedByPeer = position;
            if (started) {
                listener.peerConsumed(position);
            }
        }
    }

    /** Says a word, unless Aeron has no space: then the peer has enough of them to hear. */
    private void beat(Words.Kind kind) {
        Listener who = listener;
        if (who != null) {
            lastConsumed = who.consumedPosition();
        }
        Words.beat(word, kind, sentNumber + 1, lastConsumed);
        if (wiring.controlOut().tryClaim(word.remaining(), claim) >= 0) {
            claim.buffer().putBytes(claim.offset(), word.array(), 0, word.remaining());
            claim.commit();
            if (kind != Words.Kind.BEAT || intervalNs < UNHURRIED_NS) {
                wiring.thread().wake();
            }
            sentNumber++;
        }
    }

    private void lost(DisconnectReason reason, String why) {
        ended = true;
        wiring.peerLost();
        lostReason = reason;
        lostWhy = why;
        if (started) {
            listener.peerLost(reason, why);
        }
    }

    /** The transport is closed, and nobody looks any more. */
    void abandon(String why) {
        if (!ended) {
            beat(Words.Kind.BYE);
            lost(DisconnectReason.TRANSPORT_ERROR, why);
        }
        closeWiring();
    }

    /** Tells the peer that the close is intended. */
    private void farewell() {
        if (!ended) {
            beat(Words.Kind.BYE);
            ended = true;
        }
        pulse.remove(this);
        closeWiring();
    }

    private void closeWiring() {
        wiring.thread().forget(wiring.controlIn().sessionId());
        wiring.close();
    }
}
