package dev.sluice.rdma.data;

import dev.sluice.DisconnectReason;
import dev.sluice.rdma.internal.ffm.VerbsConstants;
import dev.sluice.rdma.internal.ffm.WcStatus;

/** How far a connection has come, and why it is to end. Written under the gate, read by any thread. */
final class Fate {
    private final Runnable signal;
    private volatile String peer = "the peer";
    private volatile boolean open;
    private volatile boolean announced;
    private volatile boolean closed;
    private volatile boolean refusesPeer;
    private volatile DisconnectReason lostReason;
    private volatile String lostWhy = "";

    Fate(Runnable signal) {
        this.signal = signal;
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

    /** The connection is to end; the first reason counts. */
    void lost(DisconnectReason reason, String why) {
        if (lostReason == null) {
            lostWhy = why;
            lostReason = reason;
            signal.run();
        }
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

    /** A request failed. */
    void failed(int status, int vendorError) {
        switch (status) {
            case VerbsConstants.IBV_WC_REM_ACCESS_ERR -> lost(DisconnectReason.ACCESS_REFUSED_BY_PEER,
                    peer + " refused an access: the key is unknown there, was revoked, or does not permit this");
            case VerbsConstants.IBV_WC_RETRY_EXC_ERR, VerbsConstants.IBV_WC_RNR_RETRY_EXC_ERR ->
                lost(DisconnectReason.PEER_UNREACHABLE, peer + " does not answer: " + WcStatus.describe(status));
            case VerbsConstants.IBV_WC_WR_FLUSH_ERR -> flushedByDevice();
            case VerbsConstants.IBV_WC_REM_INV_REQ_ERR, VerbsConstants.IBV_WC_REM_OP_ERR ->
                lost(DisconnectReason.TRANSPORT_ERROR, peer + " could not do it: " + WcStatus.describe(status));
            default -> lost(DisconnectReason.TRANSPORT_ERROR, "the device failed: " + WcStatus.describe(status)
                    + ", vendor's code " + vendorError + ". Is its link up? rdma link shows it");
        }
    }

    /** The queue pair went to the error state though nobody on this side sent it there: the peer did what is not allowed. */
    void flushedByDevice() {
        if (!closed) {
            refusesPeer = true;
            lost(DisconnectReason.ACCESS_VIOLATION_BY_PEER,
                    peer + " used memory that it was not granted, and the device refused");
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
}
