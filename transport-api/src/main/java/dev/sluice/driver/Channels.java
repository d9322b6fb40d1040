package dev.sluice.driver;

import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Options;

import java.util.concurrent.ConcurrentHashMap;

/**
 * The channels of a driver. A connection's first event and the call that made it race on two threads: whichever comes first
 * makes the channel, the other finds it, and it is forgotten when both are done with it. Any thread.
 */
final class Channels {

    private final ConcurrentHashMap<Long, Channel> byConnection = new ConcurrentHashMap<>();
    private final Options options;
    private final OffPoller executor;
    private final Runnable lookAround;
    private DisconnectReason closedAs = DisconnectReason.LOCAL_CLOSE;
    private volatile Throwable closedBecause;

    Channels(Options options, OffPoller executor, Runnable lookAround) {
        this.options = options;
        this.executor = executor;
        this.lookAround = lookAround;
    }

    Channel of(Connection connection) {
        Channel channel = byConnection.computeIfAbsent(connection.id(),
                id -> new Channel(connection, options, executor, lookAround));
        if (closedBecause != null) {
            end(channel);
        }
        return channel;
    }

    /** Called once by who made the connection, and once when it has ended. */
    void letGo(Channel channel) {
        if (channel.letGo()) {
            byConnection.remove(channel.connection().id());
        }
    }

    /** Ends all, also those that are still being made. */
    void close(DisconnectReason reason, Throwable why) {
        closedAs = reason;
        closedBecause = why;
        byConnection.values().forEach(this::end);
        byConnection.clear();
    }

    private void end(Channel channel) {
        channel.end(closedAs, String.valueOf(closedBecause.getMessage()), closedBecause);
    }
}
