package dev.sluice.bench.process;

import dev.sluice.bench.report.KernelText;

import java.nio.file.Path;

/**
 * How often write(2) and its kin entered the kernel, by its own count ({@code syscw}, proc(5)). Soft-RoCE is told of posted
 * requests by such a call; an adapter of its own driver is not.
 */
public final class WriteCalls {

    /** Where the kernel does not count. */
    public static final long UNKNOWN = -1;

    private static final Path THREAD = Path.of("/proc/thread-self/io");
    private static final Path PROCESS = Path.of("/proc/self/io");
    private static final String NAME = "syscw: ";

    private WriteCalls() {}

    /**
     * Those of the calling thread.
     *
     * @return calls up to now, or {@link #UNKNOWN}
     */
    public static long ofThisThread() {
        return read(THREAD);
    }

    /**
     * Those of this process, and of its children that have ended and were waited for.
     *
     * @return calls up to now, or {@link #UNKNOWN}
     */
    public static long ofThisProcess() {
        return read(PROCESS);
    }

    private static long read(Path path) {
        return KernelText.read(path).lines().filter(line -> line.startsWith(NAME))
                .mapToLong(line -> Long.parseLong(line.substring(NAME.length()))).findFirst().orElse(UNKNOWN);
    }
}
