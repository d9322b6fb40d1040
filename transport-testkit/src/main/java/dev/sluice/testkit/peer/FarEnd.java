package dev.sluice.testkit.peer;

import dev.sluice.Connection;

import java.util.concurrent.Callable;

/** A named connection of the far role with the poller that owns it. */
record FarEnd(Connection connection, FarPoller poller) implements AutoCloseable {

    <T> T call(Callable<T> work) throws Exception {
        return poller.call(work);
    }

    FarLink link() {
        return poller.link(connection);
    }

    @Override
    public void close() {
        connection.close();
    }
}
