package dev.sluice.aeron.driver;

import dev.sluice.SluiceException;
import dev.sluice.aeron.data.Bells;
import dev.sluice.aeron.data.DriverThread;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import org.agrona.CloseHelper;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The media driver in this process: one thread, few resources while idle, and a directory that goes with it. */
final class EmbeddedDriver implements DriverThread {
    private static final int COUNTERS_BYTES = 8 << 20;
    /** Clients and streams of a process that pauses for less than this survive. */
    private static final long LIVENESS_NS = TimeUnit.SECONDS.toNanos(20);
    /** A claim that its owner holds open stays his: a process that dies takes its streams along. */
    private static final long UNBLOCK_NS = TimeUnit.DAYS.toNanos(1);
    private static final long LINGER_NS = TimeUnit.SECONDS.toNanos(1);

    private final DriverHome home;
    private final News news = new News();
    private final Arrivals arrivals = new Arrivals();
    private final DriverSleep sleep;
    private final MediaDriver driver;
    private final Thread hook = new Thread(this::end, "sluice-aeron-exit");

    private EmbeddedDriver(DriverHome home, boolean spins) throws IOException {
        this.home = home;
        sleep = new DriverSleep(news, spins);
        MediaDriver launched = null;
        boolean ready = false;
        try {
            launched = MediaDriver.launch(context());
            sleep.sleepOn(Bells.open(home.driver()));
            news.open(home.driver());
            ready = true;
        } finally {
            if (!ready) {
                CloseHelper.quietClose(launched);
                sleep.close();
            }
        }
        driver = launched;
    }

    /**
     * Starts it.
     *
     * @param spins whether its thread never sleeps, and takes a whole core
     */
    static EmbeddedDriver start(boolean spins) throws SluiceException {
        try {
            EmbeddedDriver started = launch(DriverHome.create(), spins);
            Runtime.getRuntime().addShutdownHook(started.hook);
            return started;
        } catch (SluiceException e) {
            throw e;
        } catch (IOException e) {
            throw new SluiceException("no directory for the media driver: " + e, 0, "",
                    "Make /dev/shm or java.io.tmpdir writable, or name an external driver by aeron.dir", e);
        }
    }

    private static EmbeddedDriver launch(DriverHome home, boolean spins) throws SluiceException, IOException {
        boolean launched = false;
        try {
            EmbeddedDriver driver = new EmbeddedDriver(home, spins);
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

    private MediaDriver.Context context() {
        return new MediaDriver.Context().aeronDirectoryName(home.driver().toString())
                .threadingMode(ThreadingMode.SHARED).sharedIdleStrategy(sleep)
                .sharedThreadFactory(task -> thread("sluice-aeron-driver", task)).asyncExecutorEnabled(false)
                .receiveChannelEndpointSupplier((channel, dispatcher, status, context) -> new WakingReceiver(channel,
                        dispatcher, status, context, sleep, arrivals))
                .sendChannelEndpointSupplier((channel, status, context) -> new WakingSender(channel, status, context,
                        sleep))
                .printConfigurationOnStart(false).warnIfDirectoryExists(false).performStorageChecks(false)
                .termBufferSparseFile(true).dirDeleteOnStart(true)
                .counterValuesBufferLength(COUNTERS_BYTES).clientLivenessTimeoutNs(LIVENESS_NS)
                .imageLivenessTimeoutNs(LIVENESS_NS).publicationUnblockTimeoutNs(UNBLOCK_NS)
                .publicationLingerTimeoutNs(LINGER_NS).errorHandler(Clients::report);
    }

    static Thread thread(String name, Runnable task) {
        return Thread.ofPlatform().daemon().name(name).unstarted(task);
    }

    Path directory() {
        return home.driver();
    }

    /** Where those are told who want to know of streams that come and go. */
    News news() {
        return news;
    }

    @Override
    public void wake() {
        sleep.wake();
    }

    /** A command follows, which it is woken to hear. */
    void wakeForCommand() {
        sleep.wakeForCommand();
    }

    /** Processes that cannot wake a driver with channels may use it from now on. */
    void serveOthers() {
        sleep.serveOthers();
    }

    @Override
    public boolean tell(int session, Runnable onData) {
        arrivals.add(session, onData);
        return true;
    }

    @Override
    public boolean tellOfBeats(int session, Runnable onBeat) {
        arrivals.addForBeats(session, onBeat);
        return true;
    }

    @Override
    public void forget(int session) {
        arrivals.remove(session);
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
        sleep.end();
        driver.close();
        sleep.close();
        news.close();
        home.delete();
    }
}
