package dev.sluice.bench.reference;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import org.agrona.concurrent.BackoffIdleStrategy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** How a ping-pong written directly against Aeron goes: the channels, and a driver as Sluice embeds one. */
enum AeronMedium {
    /** Over the loopback address, a driver in each process. */
    UDP("mtu=8192"),
    /** Through shared memory and the far process's driver. */
    IPC("mtu=8192");

    /** From the near end to the echo. */
    static final int PING = 1001;
    /** Back. */
    static final int PONG = 1002;

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final String parameters;

    AeronMedium(String mtu) {
        parameters = "term-length=262144|" + mtu + "|sparse=true";
    }

    /** As on a command line. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static AeronMedium of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    /** Where to speak, or to listen; the port has no meaning for IPC. */
    String channel(int port) {
        return this == IPC ? "aeron:ipc?" + parameters : "aeron:udp?endpoint=127.0.0.1:" + port + "|" + parameters;
    }

    /** A driver of one thread that sleeps for up to a millisecond, in a directory of its own. */
    static MediaDriver launchDriver() {
        try {
            Path directory = Files.createTempDirectory(Files.isDirectory(SHARED_MEMORY)
                    ? SHARED_MEMORY
                    : Path.of(System.getProperty("java.io.tmpdir")), "sluice-bench-aeron-");
            return MediaDriver.launch(new MediaDriver.Context().aeronDirectoryName(directory.toString())
                    .threadingMode(ThreadingMode.SHARED)
                    .sharedIdleStrategy(new BackoffIdleStrategy(10, 20, 1_000, 1_000_000)).dirDeleteOnStart(true)
                    .dirDeleteOnShutdown(true).performStorageChecks(false).termBufferSparseFile(true)
                    .asyncExecutorEnabled(false).warnIfDirectoryExists(false));
        } catch (IOException e) {
            throw new UncheckedIOException("no directory for a media driver", e);
        }
    }

    /** A client of a driver. */
    static Aeron connect(String directory) {
        return Aeron.connect(new Aeron.Context().aeronDirectoryName(directory));
    }
}
