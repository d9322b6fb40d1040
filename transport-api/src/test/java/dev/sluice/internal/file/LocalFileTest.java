package dev.sluice.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.sluice.FileMode;
import dev.sluice.SluiceException;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.NativeContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

final class LocalFileTest {
    private final NativeContext ctx = new NativeContext();

    @TempDir
    private Path folder;

    @Test
    void shouldTellPathModeAndSizeWhenOpened() throws Exception {
        Path path = Files.write(folder.resolve("source"), new byte[12_345]);
        try (LocalFile file = FileProbe.open(path, FileMode.READ)) {
            assertThat(file.path()).isEqualTo(path);
            assertThat(file.mode()).isEqualTo(FileMode.READ);
            assertThat(file.sizeBytes()).isEqualTo(12_345);
            assertThat(file.sizeNow(ctx)).isEqualTo(12_345);
            Files.write(path, new byte[7]);
            assertThat(file.sizeBytes()).as("asked anew").isEqualTo(7);
            file.force();
            assertThatThrownBy(file::checkWritable).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("READ").hasMessageContaining("source");
        }
    }

    @Test
    void shouldMakeTheFileWhenModeIsCreate() throws Exception {
        Path path = folder.resolve("made ä");
        try (LocalFile file = FileProbe.open(path, FileMode.CREATE)) {
            assertThatCode(file::checkWritable).doesNotThrowAnyException();
            assertThat(file.sizeBytes()).isZero();
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).startsWith("rw-r");
        Files.write(path, new byte[3]);
        try (LocalFile again = FileProbe.open(path, FileMode.CREATE)) {
            assertThat(again.sizeBytes()).as("kept").isEqualTo(3);
        }
    }

    @Test
    void shouldNameErrnoPathAndRemedyWhenRefused() throws Exception {
        Path plain = Files.write(folder.resolve("plain"), new byte[1]);
        assertRefused(folder.resolve("absent"), FileMode.READ, Errno.ENOENT, "ENOENT", "FileMode.CREATE");
        assertRefused(folder.resolve("absent"), FileMode.READ_WRITE, Errno.ENOENT, "ENOENT", "FileMode.CREATE");
        assertRefused(folder.resolve("no folder/f"), FileMode.CREATE, Errno.ENOENT, "ENOENT", "not its folder");
        assertRefused(folder, FileMode.READ, Errno.EISDIR, "EISDIR", "not a directory");
        assertRefused(folder, FileMode.READ_WRITE, Errno.EISDIR, "EISDIR", "not a directory");
        assertRefused(plain.resolve("child"), FileMode.READ, 20, "ENOTDIR", "ENOTDIR");
        assertThat(FileProbe.descriptors(folder)).as("descriptors left").isZero();
    }

    @Test
    void shouldBeRefusedWhenUserHasNoRight() throws Exception {
        Path path = Files.write(folder.resolve("secret"), new byte[1]);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(path), "this user may read everything");
        assertRefused(path, FileMode.READ, Errno.EACCES, "EACCES", "right to the file");
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldBeRefusedWithoutWaitingWhenItIsAPipe() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start().waitFor()).isZero();
        assertRefused(pipe, FileMode.READ, Errno.ESPIPE, "ESPIPE", "positions");
        assertRefused(pipe, FileMode.READ_WRITE, Errno.ESPIPE, "ESPIPE", "positions");
        assertThat(FileProbe.descriptors(pipe)).as("descriptors left").isZero();
    }

    @Test
    void shouldStayOpenWhenClosedInUse() throws Exception {
        Path path = Files.write(folder.resolve("used"), new byte[5]);
        List<LocalFile> told = new ArrayList<>();
        LocalFile file = LocalFile.open(FileProbe.OWNER, path, FileMode.READ, told::add);
        file.acquire(FileProbe.OWNER);
        file.acquire(FileProbe.OWNER);
        assertThatThrownBy(file::close).isInstanceOf(IllegalStateException.class).hasMessageContaining("in use");
        file.release();
        assertThatThrownBy(file::close).isInstanceOf(IllegalStateException.class);
        assertThat(file.sizeBytes()).isEqualTo(5);
        file.release();
        assertThat(told).isEmpty();
        assertThat(FileProbe.descriptors(path)).isEqualTo(1);
        file.close();
        file.close();
        assertThat(told).containsExactly(file);
        assertThat(FileProbe.descriptors(path)).isZero();
    }

    @Test
    void shouldRefuseUseWhenClosedOrForeign() throws Exception {
        Path path = Files.write(folder.resolve("mine"), new byte[5]);
        LocalFile file = FileProbe.open(path, FileMode.READ_WRITE);
        assertThatThrownBy(() -> file.acquire(new Object())).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another transport");
        file.close();
        assertThatThrownBy(() -> file.acquire(FileProbe.OWNER)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(file::sizeBytes).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(file::force).isInstanceOf(IllegalStateException.class);
        assertThat(file.toString()).contains("closed");
    }

    @Test
    void shouldReportErrnoWhenTheKernelRefusesToForce() throws IOException {
        try (LocalFile device = FileProbe.open(Path.of("/dev/full"), FileMode.READ_WRITE)) {
            assertThatThrownBy(device::force).isInstanceOfSatisfying(SluiceException.class,
                    e -> assertThat(e.nativeCode()).isEqualTo(Errno.EINVAL)).hasMessageContaining("/dev/full");
        }
    }

    private static void assertRefused(Path path, FileMode mode, int errno, String... words) {
        assertThatThrownBy(() -> FileProbe.open(path, mode)).isInstanceOfSatisfying(SluiceException.class, e -> {
            assertThat(e.nativeCode()).isEqualTo(errno);
            assertThat(e.peer()).isEqualTo(path.toString());
            assertThat(e.getMessage()).contains(path.toString()).contains(words);
        });
    }
}
