package dev.sluice.internal.control;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Why a side does not talk to its peer; travels as the answer to a hello.
 *
 * @param byApplication whether the application said so, and the code is its own
 * @param code one of the constants here, or the application's
 * @param reason a sentence; what is beyond {@link #MAX_REASON_BYTES} of UTF-8 is cut off
 */
public record Refusal(boolean byApplication, int code, String reason) {

    /** The bytes are not of this protocol. */
    public static final int NOT_SLUICE = 1;
    /** Another version of it. */
    public static final int UNKNOWN_VERSION = 2;
    /** A length, kind or reserved field that the protocol forbids. */
    public static final int MALFORMED = 3;
    /** A limit out of its range. */
    public static final int BAD_LIMIT = 4;
    /** The hello did not arrive, or was not answered, in time. */
    public static final int TOO_LATE = 5;
    /** Too many requests wait already. */
    public static final int BACKLOG_FULL = 6;
    /** The listener is closed. */
    public static final int LISTENER_CLOSED = 7;
    /** No connection waits for this token. */
    public static final int UNKNOWN_TOKEN = 8;
    /** The accepting side reached a limit of its own. */
    public static final int NO_CAPACITY = 9;
    /** The peer runs as another user. */
    public static final int OTHER_USER = 10;

    /** The most bytes of UTF-8 that travel of a reason. */
    public static final int MAX_REASON_BYTES = 200;

    /** All three. */
    public Refusal {
        Objects.requireNonNull(reason, "reason");
    }

    /** A refusal by the transport. */
    public static Refusal of(int code, String reason) {
        return new Refusal(false, code, reason);
    }

    /** The reason as it travels: whole characters only. */
    public byte[] reasonBytes() {
        ByteBuffer out = ByteBuffer.allocate(MAX_REASON_BYTES);
        StandardCharsets.UTF_8.newEncoder().onMalformedInput(CodingErrorAction.REPLACE)
                .encode(CharBuffer.wrap(reason), out, true);
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }
}
