package dev.sluice.testkit.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a process holds, as Linux tells it in {@code /proc} (proc(5)): to see whether anything leaks. */
public final class ProcessFacts {

    private ProcessFacts() {}

    /**
     * Of this process: {@code pid}, {@code descriptors}, {@code threads}, {@code mappings}, {@code rssKiB}, {@code lockedKiB}.
     *
     * @return the facts
     * @throws IOException when {@code /proc} cannot be read
     */
    public static Fields read() throws IOException {
        List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
        return Fields.of("pid", ProcessHandle.current().pid(), "descriptors", descriptors(), "threads",
                field(status, "Threads:"), "mappings", mappings(), "rssKiB", field(status, "VmRSS:"), "lockedKiB",
                field(status, "VmLck:"));
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> list = Files.list(Path.of("/proc/self/fd"))) {
            return list.count();
        }
    }

    private static long mappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.count();
        }
    }

    private static long field(List<String> status, String name) {
        return status.stream().filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", ""))).findFirst().orElse(0);
    }
}
