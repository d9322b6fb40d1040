package dev.sluice;

/** What the handler of a message or an immediate tells the poller. */
public enum Action {
    /** It is consumed; a message's bytes go back to the transport. */
    CONTINUE,
    /**
     * Not now: deliver the same message or immediate again at the next poll. Later messages and immediates of that connection wait
     * behind it; completions, one-sided operations of the peer and other connections do not.
     */
    ABORT
}
