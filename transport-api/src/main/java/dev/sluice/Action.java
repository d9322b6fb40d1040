package dev.sluice;

/** What a message handler tells the poller. */
public enum Action {
    /** The message is consumed; its bytes go back to the transport. */
    CONTINUE,
    /**
     * Not now: deliver the same message again at the next poll. Later messages and immediates of that connection wait
     * behind it; completions, one-sided operations of the peer and other connections do not.
     */
    ABORT
}
