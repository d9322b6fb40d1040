package dev.sluice.spi;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.Connection;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Hands a message to a handler. With {@code -Dsluice.checked=true} the handler sees a copy that dies with the call, so that
 * a view kept too long throws instead of showing other bytes.
 */
public final class MessageView {

    private static final boolean CHECKED = Boolean.getBoolean("sluice.checked");

    private MessageView() {}

    /**
     * Delivers one message.
     *
     * @param handler who gets it
     * @param connection where it arrived
     * @param base read-only memory that holds it
     * @param offset where it begins
     * @param length its length in bytes
     * @return what the handler said
     */
    public static Action deliver(CompletionHandler handler, Connection connection, MemorySegment base, long offset,
            int length) {
        return CHECKED
                ? checked(handler, connection, base, offset, length)
                : handler.onMessage(connection, base, offset, length);
    }

    private static Action checked(CompletionHandler handler, Connection connection, MemorySegment base, long offset,
            int length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(Math.max(length, 1), 8);
            MemorySegment.copy(base, offset, copy, 0, length);
            return handler.onMessage(connection, copy.asReadOnly(), 0, length);
        }
    }
}
