package dev.sluice.bench.doctor;

import dev.sluice.bench.report.KernelText;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What the kernel allows and offers, from /proc and /sys under a root that tests replace. */
final class Kernel {

    private static final long WANTED_LOCKED_BYTES = 64L << 20;
    private static final int CAP_IPC_LOCK = 14;
    private static final int HEX = 16;
    private static final long WANTED_FILES = 4096;
    private static final long WANTED_MAPPINGS = 65_530;
    /** A few connections of transport shm, and the driver of transport aeron with its streams. */
    private static final long WANTED_SHARED_BYTES = 128L << 20;
    private static final long KIB = 1024;

    private final Path root;

    Kernel(Path root) {
        this.root = root;
    }

    static Kernel ofThisMachine() {
        return new Kernel(Path.of("/"));
    }

    Finding lockedMemory() {
        String what = "locked memory";
        String[] limit = limit("Max locked memory");
        if (limit.length == 0) {
            return unreadable(what, "/proc/self/limits");
        }
        if (limit[0].equals("unlimited")) {
            return Finding.ok(what, "unlimited (RLIMIT_MEMLOCK)");
        }
        long bytes = Long.parseLong(limit[0]);
        String found = bytes / KIB + " KiB (RLIMIT_MEMLOCK), hard limit " + limit[1];
        if (bytes >= WANTED_LOCKED_BYTES || mayLockAnyway()) {
            return Finding.ok(what, found + (mayLockAnyway() ? ", which CAP_IPC_LOCK lifts" : ""));
        }
        return Finding.note(what, found,
                "rdma registers locked memory, 3.5 MiB for a connection: the line '* - memlock "
                        + "unlimited' in /etc/security/limits.conf and a new login, ulimit -l unlimited, or "
                        + "LimitMEMLOCK=infinity in a systemd unit");
    }

    private boolean mayLockAnyway() {
        return text("proc/self/status").lines().filter(l -> l.startsWith("CapEff:"))
                .map(l -> l.substring("CapEff:".length()).trim())
                .anyMatch(mask -> (Long.parseUnsignedLong(mask, HEX) >> CAP_IPC_LOCK & 1) == 1);
    }

    Finding openFiles() {
        String what = "open files";
        String[] limit = limit("Max open files");
        if (limit.length == 0) {
            return unreadable(what, "/proc/self/limits");
        }
        String found = limit[0] + " (RLIMIT_NOFILE), hard limit " + limit[1];
        return limit[0].equals("unlimited") || Long.parseLong(limit[0]) >= WANTED_FILES
                ? Finding.ok(what, found)
                : Finding.note(what, found, "a connection takes a few descriptors: ulimit -n " + WANTED_FILES);
    }

    Finding mappings() {
        String what = "memory mappings";
        OptionalLong count = number("proc/sys/vm/max_map_count");
        if (count.isEmpty()) {
            return unreadable(what, "/proc/sys/vm/max_map_count");
        }
        String found = count.getAsLong() + " (vm.max_map_count)";
        return count.getAsLong() >= WANTED_MAPPINGS
                ? Finding.ok(what, found)
                : Finding.note(what, found, "thousands of connections need more: sysctl vm.max_map_count="
                        + WANTED_MAPPINGS);
    }

    Finding hugePages() {
        String what = "huge pages";
        OptionalLong count = number("proc/sys/vm/nr_hugepages");
        if (count.isEmpty()) {
            return unreadable(what, "/proc/sys/vm/nr_hugepages");
        }
        return count.getAsLong() > 0
                ? Finding.ok(what, count.getAsLong() + " reserved (vm.nr_hugepages)")
                : Finding.ok(what, "none reserved (vm.nr_hugepages); needed only with option hugePages, and there "
                        + "transparent ones serve too");
    }

    Finding transparentHugePages() {
        String what = "transparent huge pages";
        String text = text("sys/kernel/mm/transparent_hugepage/enabled");
        if (text.isEmpty()) {
            return unreadable(what, "/sys/kernel/mm/transparent_hugepage/enabled");
        }
        boolean never = text.contains("[never]");
        return never
                ? Finding.note(what, text, "for option hugePages: echo madvise > "
                        + "/sys/kernel/mm/transparent_hugepage/enabled")
                : Finding.ok(what, text);
    }

    Finding sharedHugePages() {
        String what = "huge pages of shared memory";
        String text = text("sys/kernel/mm/transparent_hugepage/shmem_enabled");
        if (text.isEmpty()) {
            return unreadable(what, "/sys/kernel/mm/transparent_hugepage/shmem_enabled");
        }
        boolean none = text.contains("[never]") || text.contains("[deny]");
        return none
                ? Finding.note(what, text, "for option hugePages of transport shm: echo advise > "
                        + "/sys/kernel/mm/transparent_hugepage/shmem_enabled")
                : Finding.ok(what, text);
    }

    /** What the memory files of transport shm may take: they have no file system whose size would limit them. */
    Finding memory() {
        String what = "memory to share";
        OptionalLong available = available();
        if (available.isEmpty()) {
            return unreadable(what, "/proc/meminfo");
        }
        OptionalLong left = leftOfGroup();
        boolean limited = left.isPresent() && left.getAsLong() < available.getAsLong();
        long bytes = limited ? left.getAsLong() : available.getAsLong();
        String found = mebibytes(bytes) + (limited ? " (limit of the control group)" : " (MemAvailable)");
        return bytes >= WANTED_SHARED_BYTES
                ? Finding.ok(what, found)
                : Finding.note(what, found, "a connection of transport shm takes 4.1 MiB with its defaults: free "
                        + "memory, " + (limited ? "raise the container's limit, " : "")
                        + "or lower messageBufferBytes");
    }

    private OptionalLong available() {
        return text("proc/meminfo").lines().filter(l -> l.startsWith("MemAvailable:"))
                .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) * KIB).findFirst();
    }

    private OptionalLong leftOfGroup() {
        OptionalLong left = left("sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory.current");
        String version1 = "sys/fs/cgroup/memory/memory.";
        return left.isPresent() ? left : left(version1 + "limit_in_bytes", version1 + "usage_in_bytes");
    }

    private OptionalLong left(String limit, String usage) {
        OptionalLong most = number(limit);
        OptionalLong used = number(usage);
        return most.isPresent() && used.isPresent()
                ? OptionalLong.of(Math.max(0, most.getAsLong() - used.getAsLong()))
                : OptionalLong.empty();
    }

    /** Where the media driver of transport aeron keeps its files. */
    Finding sharedFiles() {
        Path files = root.resolve("dev/shm");
        try {
            return sharedFiles(Files.isDirectory(files)
                    ? OptionalLong.of(Files.getFileStore(files).getUsableSpace())
                    : OptionalLong.empty());
        } catch (IOException e) {
            return unreadable("/dev/shm", "/dev/shm");
        }
    }

    /** The same for a size, or none when there is no such folder. */
    static Finding sharedFiles(OptionalLong free) {
        String what = "/dev/shm";
        if (free.isEmpty()) {
            return Finding.note(what, "not there", "the media driver of transport aeron uses java.io.tmpdir instead, "
                    + "which may be a disk: mount -t tmpfs tmpfs /dev/shm");
        }
        String found = mebibytes(free.getAsLong()) + " free";
        return free.getAsLong() >= WANTED_SHARED_BYTES
                ? Finding.ok(what, found)
                : Finding.note(what, found, "the media driver of transport aeron takes 43 MiB there, and a connection "
                        + "up to 2 MiB: mount -o remount,size=1g /dev/shm, or --shm-size=1g for a container");
    }

    Finding socketBuffers() {
        String receive = text("proc/sys/net/ipv4/tcp_rmem");
        String send = text("proc/sys/net/ipv4/tcp_wmem");
        if (receive.isEmpty() || send.isEmpty()) {
            return unreadable("socket buffers", "/proc/sys/net/ipv4/tcp_rmem");
        }
        return Finding.ok("socket buffers", "receive up to " + last(receive) + " B, send up to " + last(send)
                + " B (tcp_rmem, tcp_wmem)");
    }

    /** Soft and hard value of a line of /proc/self/limits; empty when it is not there. */
    private String[] limit(String name) {
        return text("proc/self/limits").lines().filter(l -> l.startsWith(name))
                .map(l -> l.substring(name.length()).trim().split("\\s+", -1)).filter(v -> v.length >= 2).findFirst()
                .orElse(new String[0]);
    }

    private OptionalLong number(String path) {
        String t = text(path);
        return t.matches("\\d+") ? OptionalLong.of(Long.parseLong(t)) : OptionalLong.empty();
    }

    private String text(String path) {
        return KernelText.read(root.resolve(path));
    }

    private static String mebibytes(long bytes) {
        return bytes / KIB / KIB + " MiB";
    }

    private static String last(String triple) {
        String[] parts = triple.split("\\s+", -1);
        return parts[parts.length - 1];
    }

    private static Finding unreadable(String what, String path) {
        return Finding.note(what, "unknown: " + path + " cannot be read", "");
    }
}
