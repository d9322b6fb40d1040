package dev.sluice.rdma.data;

import dev.sluice.DisconnectReason;
import dev.sluice.rdma.internal.ffm.VerbsConstants;
import dev.sluice.rdma.internal.ffm.WcStatus;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How far a connection has come, and why it is to end. Written under the gate, read by any thread.
 *
 * <p>
 * Two reasons are suspicions at first. A process that dies loses its grants before its queue pair, so an access under way looks
 * refused; and a port that goes down can flush a queue pair as an access of the peer does that the device refuses. What comes next
 * tells: the connection manager, which disconnects for a process that died at once and for one that refused an access only after
 * this end has, or when {@link #FLUSHED_NS} have passed; and the state of the port.
 */
final class Fate {
    /** How soon after a refusal the peer's end shows that it was that. What the peer's kernel sends is on its way by then. */
    static final long REFUSED_NS = 100_000_000L;
    /** Longer than this and the longest time for which a peer's control thread may not have noticed the refusal, a second. */
    static final long FLUSHED_NS = 3_000_000_000L;
    private static final long LOOK_NS = 50_000_000L;

    private final Runnable signal;
    private final BooleanSupplier portIsUp;
    private final LongSupplier clock;
    private boolean suspected;
    private long settlesNs;
    private long lookNs;
    private volatile String peer = "the peer";
    private volatile boolean open;
    private volatile boolean announced;
    private volatile boolean closed;
    private volatile boolean refusesPeer;
    private volatile DisconnectReason lostReason;
    private volatile String lostWhy = "";

    /** {@code portIsUp} may be a system call; {@code clock} counts nanoseconds. */
    Fate(Runnable signal, BooleanSupplier portIsUp, LongSupplier clock) {
        this.signal = signal;
        this.portIsUp = portIsUp;
        this.clock = clock;
    }

    /** Both ends know each other. */
    void opened(String peerName) {
        peer = peerName;
        open = true;
    }

    boolean isOpen() {
        return open;
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

    /** Whether the device stopped serving the peer, so that receives come back. */
    boolean refusesPeer() {
        return refusesPeer;
    }

    String peer() {
        return peer;
    }

    /** The connection is to end; the first reason counts, unless it was no more than that queue pairs were flushed. */
    void lost(DisconnectReason reason, String why) {
        if (lostReason == null || isSuspected(DisconnectReason.ACCESS_VIOLATION_BY_PEER)) {
            conclude(reason, why);
        }
    }

    /** The connection manager, or the peer's silence, says that the peer is gone. */
    void gone(DisconnectReason reason, String why) {
        if (!suspected) {
            lost(reason, why);
        } else if (reason == DisconnectReason.TRANSPORT_ERROR || (reason == DisconnectReason.PEER_DIED
                && isSuspected(DisconnectReason.ACCESS_REFUSED_BY_PEER) && clock.getAsLong() - settlesNs < 0)) {
            conclude(reason, why);
        } else {
            settlesNs = clock.getAsLong();
            signal.run();
        }
    }

    private void conclude(DisconnectReason reason, String why) {
        suspected = false;
        lostWhy = why;
        lostReason = reason;
        signal.run();
    }

    private void suspect(DisconnectReason reason, String why, long settlesInNs) {
        if (lostReason == null) {
            conclude(reason, why);
            suspected = true;
            lookNs = clock.getAsLong();
            settlesNs = lookNs + settlesInNs;
        }
    }

    private boolean isSuspected(DisconnectReason reason) {
        return suspected && lostReason == reason;
    }

    /** Whether it is lost and the reason not final yet; {@link #isSettled} is to be asked again. Under the gate. */
    boolean isSuspected() {
        return suspected;
    }

    /** Whether it is lost for a reason that is final. Looks at the clock and at the port while it is not; under the gate. */
    boolean isSettled() {
        if (suspected) {
            long now = clock.getAsLong();
            boolean due = now - settlesNs >= 0;
            if (lostReason == DisconnectReason.ACCESS_VIOLATION_BY_PEER && (due || now - lookNs >= 0)) {
                lookNs = now + LOOK_NS;
                if (!portIsUp.getAsBoolean()) {
                    conclude(DisconnectReason.TRANSPORT_ERROR,
                            "the device's port went down. Bring its interface up; rdma link shows it");
                }
            }
            suspected &= !due;
        }
        return lostReason != null && !suspected;
    }

    boolean isLost() {
        return lostReason != null;
    }

    DisconnectReason lostReason() {
        return lostReason;
    }

    /** A request failed. */
    void failed(int status, int vendorError) {
        switch (status) {
            case VerbsConstants.IBV_WC_REM_ACCESS_ERR -> suspect(DisconnectReason.ACCESS_REFUSED_BY_PEER,
                    peer + " refused an access: the key is unknown there, was revoked, or does not permit this",
                    REFUSED_NS);
            case VerbsConstants.IBV_WC_RETRY_EXC_ERR, VerbsConstants.IBV_WC_RNR_RETRY_EXC_ERR ->
                lost(DisconnectReason.PEER_UNREACHABLE, peer + " does not answer: " + WcStatus.describe(status));
            case VerbsConstants.IBV_WC_WR_FLUSH_ERR -> flushedByDevice();
            case VerbsConstants.IBV_WC_REM_INV_REQ_ERR, VerbsConstants.IBV_WC_REM_OP_ERR ->
                lost(DisconnectReason.TRANSPORT_ERROR, peer + " could not do it: " + WcStatus.describe(status));
            default -> lost(DisconnectReason.TRANSPORT_ERROR, "the device failed: " + WcStatus.describe(status)
                    + ", vendor's code " + vendorError + ". Is its link up? rdma link shows it");
        }
    }

    /** The queue pair went to the error state though nobody on this side sent it there, most likely for what the peer did. */
    void flushedByDevice() {
        if (!closed) {
            refusesPeer = true;
            suspect(DisconnectReason.ACCESS_VIOLATION_BY_PEER,
                    peer + " used memory that it was not granted, and the device refused", FLUSHED_NS);
        }
    }

    /** What the peer said before it went counts more than what its going looked like. */
    static DisconnectReason judged(DisconnectReason lost, long farewell) {
        boolean isGuess = lost == DisconnectReason.PEER_DIED || lost == DisconnectReason.PEER_UNREACHABLE
                || lost == DisconnectReason.ACCESS_VIOLATION_BY_PEER;
        if (!isGuess || farewell == 0) {
            return lost;
        }
        if (farewell == ControlBlock.PROTOCOL_ERROR) {
            return DisconnectReason.PROTOCOL_ERROR;
        }
        return farewell == ControlBlock.HEARD_NOTHING
                ? DisconnectReason.PEER_UNREACHABLE
                : DisconnectReason.PEER_CLOSED;
    }

    /** A sentence for what was {@link #judged}. */
    String why(DisconnectReason reason, long farewell) {
        if (reason == DisconnectReason.PEER_UNREACHABLE && farewell == ControlBlock.HEARD_NOTHING) {
            return peer + " heard nothing from here for its detectionTime. This process was stopped, or the way there"
                    + " is cut";
        }
        return reason == lostReason ? lostWhy : peer + " ended the connection";
    }
}
