package dev.sluice;

/** Why a connection ended. This enumeration grows: switch over it with a {@code default}. */
public enum DisconnectReason {
    /** {@link Connection#close()}, or the close of its queue or transport, on this side. */
    LOCAL_CLOSE,
    /** The peer closed its end. */
    PEER_CLOSED,
    /** The peer's process died, or its host reset the connection. */
    PEER_DIED,
    /** Nothing was heard from the peer's process for the detection time. */
    PEER_UNREACHABLE,
    /** This side asked for memory that the peer did not grant. */
    ACCESS_REFUSED_BY_PEER,
    /** The peer asked for memory that this side did not grant. */
    ACCESS_VIOLATION_BY_PEER,
    /** The peer sent what the protocol forbids. */
    PROTOCOL_ERROR,
    /** An operation passed its deadline. */
    OPERATION_TIMED_OUT,
    /** The device, driver or kernel failed underneath. */
    TRANSPORT_ERROR
}
