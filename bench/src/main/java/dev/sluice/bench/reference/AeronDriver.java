package dev.sluice.bench.reference;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import org.agrona.concurrent.BackoffIdleStrategy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A media driver as Sluice embeds one, of one thread that spins, yields and parks for times that double. Where Sluice's sleeps until
 * it is woken, this one parks for up to a millisecond, for nobody wakes it; round trips in a row see the same of both. In a directory
 * of its own, which goes with it, also when a signal ends this process.
 */
final class AeronDriver implements AutoCloseable {

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final MediaDriver driver;
    private final Thread hook;

    private AeronDriver(MediaDriver driver) {
        this.driver = driver;
        hook = new Thread(driver::close, "sluice-bench-aeron-exit");
    }

    static AeronDriver launch() {
        Path directory;
        try {
            directory = Files.createTempDirectory(Files.isDirectory(SHARED_MEMORY)
                    ? SHARED_MEMORY
                    : Path.of(System.getProperty("java.io.tmpdir")), "sluice-bench-aeron-");
        } catch (IOException e) {
            throw new UncheckedIOException("no directory for a media driver", e);
        }
        AeronDriver launched = new AeronDriver(MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(directory.toString()).threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(new BackoffIdleStrategy(10, 20, 1_000, 1_000_000)).dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true).performStorageChecks(false).termBufferSparseFile(true)
                .asyncExecutorEnabled(false).warnIfDirectoryExists(false)));
        Runtime.getRuntime().addShutdownHook(launched.hook);
        return launched;
    }

    String directory() {
        return driver.aeronDirectoryName();
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException exiting) {
            // The hook runs, or will.
            return;
        }
        driver.close();
    }
}
