package dev.sluice;

/**
 * How an accepted operation ended. This enumeration grows: switch over it with a {@code default}.
 */
public enum Status {
    /** Done. For a write, a read or an atomic: the remote placement is done. */
    OK,
    /** The owner of the remote memory refused the access; the connection ends. */
    REMOTE_ACCESS_ERROR,
    /** The peer could not carry the operation out; the connection ends. */
    REMOTE_ERROR,
    /** The connection ended before this operation did; whether the peer saw it is unknown. */
    FLUSHED,
    /** This operation passed its deadline, which ended the connection. */
    TIMED_OUT,
    /** The file is shorter than the range asked for; the connection lives. {@code result} is the bytes moved. */
    FILE_TRUNCATED,
    /** Reading or writing the file failed; the connection lives. {@code result} is the bytes moved. */
    FILE_ERROR
}
