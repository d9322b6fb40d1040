package dev.sluice.rdma.conn;

import dev.sluice.internal.control.Refusal;

import java.io.Serial;

/** The peer's private data is not what it must be; the refusal says what it is told. */
final class HandshakeException extends Exception {
    @Serial
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
