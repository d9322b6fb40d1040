package dev.sluice.bench;

/** The exit codes of the sluice command; docs/bench.md explains each to users. */
public final class ExitCodes {

    /** Done. */
    public static final int OK = 0;
    /** A defect of Sluice; the stack trace is in a file that the message names. */
    public static final int UNEXPECTED = 1;
    /** The command line is wrong. */
    public static final int USAGE = 2;
    /** This machine lacks something that the command needs, or a file cannot be used. */
    public static final int ENVIRONMENT = 3;
    /** The transport is not on the class path, not available here, or does not offer the operation. */
    public static final int TRANSPORT_UNAVAILABLE = 4;
    /** The peer is absent, refused, or did not answer. */
    public static final int PEER_UNREACHABLE = 5;
    /** The peer, or the connection to it, ended during the run. */
    public static final int PEER_DIED = 6;
    /** Bytes arrived that differ from those sent. */
    public static final int VERIFICATION_FAILED = 7;

    private ExitCodes() {}
}
