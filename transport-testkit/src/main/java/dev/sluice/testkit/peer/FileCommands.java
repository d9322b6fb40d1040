package dev.sluice.testkit.peer;

import dev.sluice.FileMode;
import dev.sluice.SluiceFile;
import dev.sluice.Transport;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Files of the far role, in a directory of its own that goes with the session.
 *
 * <pre>
 * makeFile bytes seed position     -> path       content by Pattern from position on, a hole before it
 * checkFile path position length seed -> mismatches size
 * truncate path bytes
 * file t path mode o.*             -> f bytes
 * </pre>
 */
final class FileCommands {

    private final Session session;
    private Path directory;

    FileCommands(Session session) {
        this.session = session;
        session.on("makeFile", this::makeFile);
        session.on("checkFile", this::checkFile);
        session.on("truncate", this::truncate);
        session.on("file", this::file);
    }

    private Fields makeFile(Fields f) throws IOException {
        Path path = Files.createTempFile(directory(), "far", ".bin");
        long bytes = f.number("bytes");
        if (bytes > 0) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    Arena arena = Arena.ofConfined()) {
                long position = f.number("position", 0);
                MemorySegment all = channel.map(FileChannel.MapMode.READ_WRITE, 0, position + bytes, arena);
                Pattern.fill(all, position, bytes, f.number("seed"));
            }
        }
        return Fields.of("path", path);
    }

    private Fields checkFile(Fields f) throws IOException {
        try (FileChannel channel = FileChannel.open(Path.of(f.text("path")), StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            MemorySegment part = channel.map(FileChannel.MapMode.READ_ONLY, f.number("position"), f.number("length"),
                    arena);
            return Fields.of("mismatches", Pattern.mismatches(part, 0, part.byteSize(), f.number("seed")), "size",
                    channel.size());
        }
    }

    private Fields truncate(Fields f) throws IOException {
        try (FileChannel channel = FileChannel.open(Path.of(f.text("path")), StandardOpenOption.WRITE)) {
            channel.truncate(f.number("bytes"));
        }
        return new Fields();
    }

    private Fields file(Fields f) throws Exception {
        Transport transport = session.get(f, "t", Transport.class);
        SluiceFile file = transport.openFile(Path.of(f.text("path")), FileMode.valueOf(f.text("mode")),
                Settings.read(f, transport.scheme()));
        return Fields.of("f", session.name("f", file), "bytes", file.sizeBytes());
    }

    private Path directory() throws IOException {
        if (directory == null) {
            directory = Files.createTempDirectory("sluice-far");
            session.name("directory", (AutoCloseable) this::removeDirectory);
        }
        return directory;
    }

    private void removeDirectory() throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
        directory = null;
    }
}
