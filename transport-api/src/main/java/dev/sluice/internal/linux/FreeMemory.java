package dev.sluice.internal.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much memory this process may still take, by proc_meminfo(5) and the limits of its control groups (cgroups(7), both
 * versions). To be asked before fallocate(2) of a memory file: the kernel does not refuse what it has not, but allocates until it has
 * to kill somebody.
 */
final class FreeMemory {
    /** What is left to everybody else: a sixteenth. */
    private static final long RESERVE = 16;

    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");

    /** How the two versions of control groups say the same; a machine can have both. */
    private enum Version {
        /** One tree, where the memory controller is in it. */
        TWO("(?m)^0::(/.*)$", "sys/fs/cgroup", "memory.max", "memory.current", "inactive_file"),
        /** A tree for each controller. */
        ONE("(?m)^\\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(/.*)$", "sys/fs/cgroup/memory", "memory.limit_in_bytes",
                "memory.usage_in_bytes", "total_inactive_file");

        private final Pattern group;

        private final String top;

        private final String limit;

        private final String used;

        private final Pattern cached;

        Version(String group, String top, String limit, String used, String cached) {
            this.group = Pattern.compile(group);
            this.top = top;
            this.limit = limit;
            this.used = used;
            this.cached = Pattern.compile("(?m)^" + cached + " (\\d+)$");
        }
    }

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
        for (Version version : Version.values()) {
            free = Math.min(free, leftIn(version));
        }
        return free == Long.MAX_VALUE ? free : free - free / RESERVE;
    }

    /** A limit of any group around ours counts. In a container the tree begins at a group that is not named from there. */
    private long leftIn(Version version) {
        Matcher group = version.group.matcher(text(root.resolve("proc/self/cgroup")));
        if (!group.find()) {
            return Long.MAX_VALUE;
        }
        long left = Long.MAX_VALUE;
        Path top = root.resolve(version.top);
        Path folder = top.resolve(group.group(1).substring(1)).normalize();
        while (folder.startsWith(top)) {
            left = Math.min(left, leftIn(version, folder));
            folder = folder.getParent();
        }
        return left;
    }

    private static long leftIn(Version version, Path folder) {
        String limit = text(folder.resolve(version.limit)).strip();
        String used = text(folder.resolve(version.used)).strip();
        // No limit is a word in one version, and a number of 19 digits in the other.
        if (!limit.matches("\\d{1,18}") || !used.matches("\\d{1,18}")) {
            return Long.MAX_VALUE;
        }
        // Pages of files that nobody uses are given up for ours.
        Matcher cached = version.cached.matcher(text(folder.resolve("memory.stat")));
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
