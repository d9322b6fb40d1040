package dev.sluice.aeron.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Where the embedded media drivers of this host live: a directory each, in shared memory, for its user alone, with the
 * process that owns it in its name. One whose process has died is swept by the next process that starts a driver.
 */
final class DriverHome {
    private static final String PREFIX = "sluice-aeron-";
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final Path root;

    private DriverHome(Path root) {
        this.root = root;
    }

    /** Makes the home of a driver of this process. */
    static DriverHome create() throws IOException {
        for (DriverHome other : all()) {
            if (!other.isAlive()) {
                other.delete();
            }
        }
        Path root = base().resolve(PREFIX + OwnProcess.id() + "-" + NUMBER.incrementAndGet());
        Files.createDirectory(root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new DriverHome(root);
    }

    /** Those of this user, of processes that this one can tell to be alive or dead. */
    static List<DriverHome> all() throws IOException {
        List<DriverHome> homes = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(base(), PREFIX + OwnProcess.namespace() + "-*")) {
            for (Path path : found) {
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) && Files.isWritable(path)) {
                    homes.add(new DriverHome(path));
                }
            }
        }
        return homes;
    }

    private static Path base() {
        return Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
    }

    /** Whether the process that made it lives. */
    boolean isAlive() {
        String id = root.getFileName().toString().substring(PREFIX.length());
        return OwnProcess.isAlive(id.substring(0, id.lastIndexOf('-')));
    }

    /** Aeron's own directory. */
    Path driver() {
        return root.resolve("driver");
    }

    /** Deletes all of it; what somebody else deletes meanwhile is no error. */
    void delete() {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            System.getLogger(DriverHome.class.getName()).log(System.Logger.Level.WARNING,
                    "the directory of a media driver is not wholly deleted: " + root, e);
        }
    }
}
