package dev.sluice.shm.conn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Listener;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.Sockets;
import dev.sluice.internal.linux.UnixSockets;
import dev.sluice.shm.ShmOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** The path of a rendezvous: taken when it is free or stale, respected when it is not, and gone afterwards. */
class SocketPathTest {

    @TempDir
    private Path folder;

    private ShmTransport transport;

    @BeforeEach
    void open() throws SluiceException {
        transport = new ShmTransport(ShmOptions.all(), Options.none());
    }

    @AfterEach
    void close() {
        transport.close();
    }

    @Test
    void shouldLeaveNothingInTheFolderWhenTheListenerIsClosed() throws IOException {
        try (Listener listener = listen("one")) {
            assertThat(listener.address()).isEqualTo(address("one"));
            assertThat(names()).containsExactly("one");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("one"))))
                    .isEqualTo("rw-------");
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void shouldRefuseWhenSomebodyListensThere() throws IOException {
        try (Listener first = listen("one")) {
            assertThatThrownBy(() -> listen("one")).isInstanceOfSatisfying(SluiceException.class,
                    e -> assertThat(e.nativeCode()).isEqualTo(Errno.EADDRINUSE));
            assertThat(first.address()).isEqualTo(address("one"));
            assertThat(names()).containsExactly("one");
        }
    }

    @Test
    void shouldTakeThePathOverWhenItsListenerHasDied() throws IOException {
        NativeContext ctx = new NativeContext();
        int dead = UnixSockets.open(ctx);
        assertThat(UnixSockets.bind(ctx, dead,
                folder.resolve("one").toString().getBytes(StandardCharsets.UTF_8))).isZero();
        assertThat(Sockets.listen(ctx, dead, 1)).isZero();
        FileDescriptors.close(ctx, dead);
        // Left by a process that died between binding and naming: pids end well below this.
        Files.createFile(folder.resolve("one.sluice-999999999-7"));
        try (Listener listener = listen("one")) {
            assertThat(listener.address()).isEqualTo(address("one"));
            assertThat(names()).containsExactly("one");
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void shouldLeaveFilesAloneWhenTheyAreNoSockets() throws IOException {
        Files.writeString(folder.resolve("one"), "precious");
        assertThatThrownBy(() -> listen("one")).isInstanceOf(SluiceException.class);
        assertThat(Files.readString(folder.resolve("one"))).isEqualTo("precious");
        assertThat(names()).containsExactly("one");
    }

    @Test
    void shouldLeaveASuccessorsNameAloneWhenItClosesLate() throws IOException {
        Listener first = listen("one");
        Files.delete(folder.resolve("one"));
        try (Listener second = listen("one")) {
            first.close();
            assertThat(second.address()).isEqualTo(address("one"));
            assertThat(names()).containsExactly("one");
        }
    }

    @Test
    void shouldNameTheFolderWhenItIsMissing() {
        assertThatThrownBy(() -> listen("absent/one")).isInstanceOf(SluiceException.class)
                .hasMessageContaining("absent");
    }

    private Listener listen(String name) throws SluiceException {
        return transport.listen(address(name), Options.none());
    }

    private URI address(String name) {
        return URI.create("shm://" + folder.resolve(name));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(each -> each.getFileName().toString()).toList();
        }
    }
}
