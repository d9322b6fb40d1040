package dev.sluice.internal.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the kernel holds for this process. */
final class ProcSelf {
    private ProcSelf() {}

    /** Open descriptors that match what the tests make: sockets, pipes, memory files, event counters. */
    static long descriptors(String kind) throws IOException {
        long count = 0;
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path each : (Iterable<Path>) all::iterator) {
                count += target(each).contains(kind) ? 1 : 0;
            }
        }
        return count;
    }

    /** Mappings whose line contains the text. */
    static long mappings(String text) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(text)).count();
        }
    }

    /** Whether any mapping starts at the address. */
    static boolean mapped(long address) throws IOException {
        return mappingsStartingAt(address) > 0;
    }

    private static long mappingsStartingAt(long address) throws IOException {
        String start = Long.toHexString(address) + "-";
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.startsWith(start)).count();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }
}
