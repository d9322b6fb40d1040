package dev.sluice.shm.conn;

import dev.sluice.internal.control.Refusal;

/** What a peer sent is refused. */
final class HandshakeException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    HandshakeException(int code, String reason) {
        super(reason);
        refusal = Refusal.of(code, reason);
    }

    Refusal refusal() {
        return refusal;
    }
}
