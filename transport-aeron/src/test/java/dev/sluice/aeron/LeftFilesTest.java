package dev.sluice.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What connections leave in the directory of the driver; what they leave in the process the conformance suite looks after. */
class LeftFilesTest {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(strings = {"aeron:///", "aeron://127.0.0.1:0"})
    void shouldLeaveNoFileWhenSomeConnectionsCameAndWent(String address) throws Exception {
        comeAndGo(address, 20);
    }

    @ParameterizedTest
    @Tag("nightly")
    @ValueSource(strings = {"aeron:///", "aeron://127.0.0.1:0"})
    void shouldLeaveNoFileWhenAThousandConnectionsCameAndWent(String address) throws Exception {
        comeAndGo(address, 1_000);
    }

    private static void comeAndGo(String address, int times) throws Exception {
        Set<Path> atFirst = files();
        try (AeronPair pair = new AeronPair(address)) {
            pair.connect();
            pair.disconnect(pair.near());
            // A stream from elsewhere goes only when nothing came for the liveness time of an image.
            pair.until("the first connection's files are gone", () -> streams() == 0);
            int before = files().size();
            for (int i = 0; i < times; i++) {
                pair.connect();
                assertThat(streams()).as("files of streams while one is there").isPositive();
                pair.disconnect(i % 2 == 0 ? pair.near() : pair.far());
            }
            pair.until("the files of all connections are gone", () -> streams() == 0);
            assertThat(files()).hasSizeLessThanOrEqualTo(before);
        }
        assertThat(files()).as("files when the last transport is closed").isEqualTo(atFirst);
    }

    private static long streams() {
        return files().stream().filter(file -> file.toString().endsWith(".logbuffer")).count();
    }

    /** Of the drivers of this process. */
    private static Set<Path> files() {
        Set<Path> found = new TreeSet<>();
        try (Stream<Path> homes = Files.list(SHARED_MEMORY)) {
            for (Path home : homes.filter(LeftFilesTest::isOurs).toList()) {
                add(home, found);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static boolean isOurs(Path home) {
        return home.getFileName().toString().matches("sluice-aeron-.*\\D" + ProcessHandle.current().pid() + "\\D.*");
    }

    private static void add(Path home, Set<Path> found) throws IOException {
        Files.walkFileTree(home, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                found.add(folder);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                found.add(file);
                return FileVisitResult.CONTINUE;
            }

            // What goes while this looks does not count, and hides nothing behind it.
            @Override
            public FileVisitResult visitFileFailed(Path gone, IOException e) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
