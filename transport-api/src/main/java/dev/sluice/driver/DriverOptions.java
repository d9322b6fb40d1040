package dev.sluice.driver;

import dev.sluice.Option;

import java.util.List;

/** The options of a {@link Driver}. */
public final class DriverOptions {

    /** How many operations of one connection may be pending: waiting to be posted, or outstanding. */
    public static final Option<Integer> PENDING_OPERATIONS = Option.ofCount("pendingOperations", 1024,
            "operations one connection of a driver may have pending; more are refused, or block");

    /** How many bytes of messages that nobody took yet a connection holds; then the peer is held back. */
    public static final Option<Long> RECEIVE_BUFFER_BYTES = Option.ofBytes("receiveBufferBytes", 1L << 20,
            "received bytes one connection of a driver holds for receive(), before it holds the peer back");

    private static final List<Option<?>> ALL = List.of(PENDING_OPERATIONS, RECEIVE_BUFFER_BYTES);

    private DriverOptions() {}

    /**
     * All of them.
     *
     * @return an immutable list
     */
    public static List<Option<?>> all() {
        return ALL;
    }
}
