package dev.sluice.internal.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much memory this process may still take, by proc_meminfo(5) and the limits of its control groups (cgroups(7), version
 * 2). To be asked before fallocate(2) of a memory file: the kernel does not refuse what it has not, but allocates until it has
 * to kill somebody.
 */
final class FreeMemory {
    /** What is left to everybody else: a sixteenth. */
    private static final long RESERVE = 16;

    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");

    private static final Pattern GROUP = Pattern.compile("(?m)^0::(/.*)$");

    private static final Pattern CACHED = Pattern.compile("(?m)^inactive_file (\\d+)$");

    private final Path root;

    /** Of a file system that begins here; tests have their own. */
    FreeMemory(Path root) {
        this.root = root;
    }

    /** Of this machine. */
    static FreeMemory ofThisMachine() {
        return new FreeMemory(Path.of("/"));
    }

    /**
     * What can be taken.
     *
     * @return bytes; {@link Long#MAX_VALUE} when nobody says
     */
    long bytes() {
        long free = Long.MAX_VALUE;
        Matcher available = AVAILABLE.matcher(text(root.resolve("proc/meminfo")));
        if (available.find()) {
            free = Long.parseLong(available.group(1)) << 10;
        }
        Matcher group = GROUP.matcher(text(root.resolve("proc/self/cgroup")));
        if (group.find()) {
            Path top = root.resolve("sys/fs/cgroup");
            Path folder = top.resolve(group.group(1).substring(1)).normalize();
            while (folder.startsWith(top)) {
                free = Math.min(free, leftIn(folder));
                folder = folder.getParent();
            }
        }
        return free == Long.MAX_VALUE ? free : free - free / RESERVE;
    }

    private static long leftIn(Path folder) {
        String limit = text(folder.resolve("memory.max")).strip();
        String used = text(folder.resolve("memory.current")).strip();
        if (!limit.matches("\\d{1,18}") || !used.matches("\\d{1,18}")) {
            return Long.MAX_VALUE;
        }
        // Pages of files that nobody uses are given up for ours.
        Matcher cached = CACHED.matcher(text(folder.resolve("memory.stat")));
        long reclaimable = cached.find() ? Long.parseLong(cached.group(1)) : 0;
        return Math.max(Long.parseLong(limit) - Long.parseLong(used) + reclaimable, 0);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException absent) {
            return "";
        }
    }
}
