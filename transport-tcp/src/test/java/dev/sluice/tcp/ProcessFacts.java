package dev.sluice.tcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What this process holds, as the kernel and the JVM count it. */
public final class ProcessFacts {
    private ProcessFacts() {}

    /** Bytes ever allocated on the heap, by all threads. */
    public static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes();
    }

    /** VmRSS of proc(5). */
    public static long residentBytes() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.UTF_8);
        String line = lines.stream().filter(each -> each.startsWith("VmRSS:")).findFirst().orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
    }

    /** Open sockets, pipes, event counters, memory files: all that is no file of the class path. */
    public static long descriptors() {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.map(ProcessFacts::target).filter(target -> !target.startsWith("/") || target.contains("memfd"))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Mappings of memory files, as rings are. */
    public static long ringMappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("memfd")).count();
        }
    }

    /** Threads of the transport. */
    public static long transportThreads() {
        return Thread.getAllStackTraces().keySet().stream().filter(each -> each.getName().startsWith("sluice")).count();
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closedMeanwhile) {
            return "/";
        }
    }
}
