package dev.sluice.aeron.driver;

import dev.sluice.SluiceException;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The media driver in this process: one thread, few resources while idle, and a directory that goes with it. */
final class EmbeddedDriver {
    /** How the thread of the driver waits. */
    enum Idle {
        /** Sleeps for up to a millisecond when there is nothing to do. */
        PARK,
        /** Never sleeps: takes a whole core. */
        SPIN
    }

    private static final int COUNTERS_BYTES = 8 << 20;
    /** Clients and streams of a process that pauses for less than this survive. */
    private static final long LIVENESS_NS = TimeUnit.SECONDS.toNanos(20);
    /** A claim that its owner holds open stays his: a process that dies takes its streams along. */
    private static final long UNBLOCK_NS = TimeUnit.DAYS.toNanos(1);
    private static final long LINGER_NS = TimeUnit.SECONDS.toNanos(1);

    private final DriverHome home;
    private final MediaDriver driver;
    private final Thread hook = new Thread(this::end, "sluice-aeron-exit");

    private EmbeddedDriver(DriverHome home, MediaDriver driver) {
        this.home = home;
        this.driver = driver;
    }

    static EmbeddedDriver start(Idle idle) throws SluiceException {
        try {
            DriverHome home = DriverHome.create();
            EmbeddedDriver started = new EmbeddedDriver(home, launch(home, idle));
            Runtime.getRuntime().addShutdownHook(started.hook);
            return started;
        } catch (IOException e) {
            throw new SluiceException("no directory for the media driver: " + e, 0, "",
                    "Make /dev/shm or java.io.tmpdir writable, or name an external driver by aeron.dir", e);
        }
    }

    private static MediaDriver launch(DriverHome home, Idle idle) throws SluiceException {
        boolean launched = false;
        try {
            MediaDriver driver = MediaDriver.launch(new MediaDriver.Context()
                    .aeronDirectoryName(home.driver().toString())
                    .threadingMode(ThreadingMode.SHARED).sharedIdleStrategy(strategy(idle))
                    .sharedThreadFactory(task -> thread("sluice-aeron-driver", task)).asyncExecutorEnabled(false)
                    .printConfigurationOnStart(false).warnIfDirectoryExists(false).performStorageChecks(false)
                    .termBufferSparseFile(true).dirDeleteOnStart(true)
                    .counterValuesBufferLength(COUNTERS_BYTES).clientLivenessTimeoutNs(LIVENESS_NS)
                    .imageLivenessTimeoutNs(LIVENESS_NS).publicationUnblockTimeoutNs(UNBLOCK_NS)
                    .publicationLingerTimeoutNs(LINGER_NS).errorHandler(Clients::report));
            launched = true;
            return driver;
        } catch (RuntimeException e) {
            throw new SluiceException("the media driver does not start: " + e, 0, "",
                    "Is there room in " + home.driver().getParent() + "?", e);
        } finally {
            if (!launched) {
                home.delete();
            }
        }
    }

    private static IdleStrategy strategy(Idle idle) {
        return switch (idle) {
            case PARK -> new BackoffIdleStrategy(10, 20, 1_000, 1_000_000);
            case SPIN -> BusySpinIdleStrategy.INSTANCE;
        };
    }

    static Thread thread(String name, Runnable task) {
        return Thread.ofPlatform().daemon().name(name).unstarted(task);
    }

    Path directory() {
        return home.driver();
    }

    void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException exiting) {
            // The hook runs, or will.
            return;
        }
        end();
    }

    private void end() {
        driver.close();
        home.delete();
    }
}
