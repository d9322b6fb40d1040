package dev.sluice.aeron.conn;

import dev.sluice.internal.control.Refusal;

import java.io.Serial;

/** The peer's word is not acceptable. Carries no stack, for a peer can cause many. */
final class HandshakeException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int code;

    HandshakeException(int code, String reason) {
        super(reason, null, false, false);
        this.code = code;
    }

    /** What the peer is told. */
    Refusal refusal() {
        return Refusal.of(code, getMessage());
    }
}
