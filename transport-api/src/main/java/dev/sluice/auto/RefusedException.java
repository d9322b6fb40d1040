package dev.sluice.auto;

import java.io.IOException;

/** One side of a rendezvous does not talk to the other; the code and the reason travel. */
final class RefusedException extends IOException {

    /** The bytes are not of a rendezvous. */
    static final int NOT_SLUICE = 1;
    /** Another version of it. */
    static final int UNKNOWN_VERSION = 2;
    /** A length, purpose or reserved field that it forbids. */
    static final int MALFORMED = 3;
    /** The hello did not arrive in time. */
    static final int TOO_LATE = 4;

    private static final long serialVersionUID = 1;

    private final int code;

    RefusedException(int code, String reason) {
        super(reason);
        this.code = code;
    }

    int code() {
        return code;
    }
}
