package dev.sluice.aeron.driver;

import dev.sluice.aeron.data.Bells;
import dev.sluice.aeron.data.DriverThread;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The thread of a driver in another process. It tells nothing. The driver of a Sluice process that uses no UDP is woken by its
 * bell; any other one looks at its own pace.
 */
final class RemoteDriver implements DriverThread {
    /** Null when there are none, or none any more. */
    private Bells bells;

    private RemoteDriver(Bells bells) {
        this.bells = bells;
    }

    /** That of the driver with this directory; to be closed. */
    static RemoteDriver at(Path directory) {
        try {
            return new RemoteDriver(Bells.open(directory));
        } catch (IOException e) {
            System.getLogger(RemoteDriver.class.getName()).log(System.Logger.Level.DEBUG, "no bells", e);
            return new RemoteDriver(null);
        }
    }

    @Override
    public synchronized void wake() {
        if (bells != null) {
            bells.wakeDriver();
        }
    }

    @Override
    public boolean tell(int session, Runnable onData) {
        return false;
    }

    @Override
    public boolean tellOfBeats(int session, Runnable onBeat) {
        return false;
    }

    @Override
    public void forget(int session) {}

    /** From now on nobody is woken. */
    synchronized void close() {
        if (bells != null) {
            bells.free();
            bells = null;
        }
    }
}
