package dev.sluice.testkit.reference;

import dev.sluice.FileMode;
import dev.sluice.SluiceException;
import dev.sluice.SluiceFile;
import dev.sluice.spi.UseCount;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;

/**
 * A file of this transport. Opened as a {@link RandomAccessFile}, because a channel opened by itself closes when a thread
 * that asks for the size is interrupted.
 */
final class MemFile implements SluiceFile {

    private static final int ENOENT = 2;
    private static final int EIO = 5;
    private static final int EACCES = 13;

    private final Path path;
    private final FileMode mode;
    private final RandomAccessFile file;
    private final UseCount uses = new UseCount("file");
    private final Consumer<MemFile> onClose;

    private MemFile(Path path, FileMode mode, RandomAccessFile file, Consumer<MemFile> onClose) {
        this.path = path;
        this.mode = mode;
        this.file = file;
        this.onClose = onClose;
    }

    static MemFile open(Path path, FileMode mode, Consumer<MemFile> onClose) throws SluiceException {
        try {
            if (mode == FileMode.CREATE) {
                create(path);
            }
            if (!Files.exists(path)) {
                throw new NoSuchFileException(path.toString());
            }
            String access = mode == FileMode.READ ? "r" : "rw";
            return new MemFile(path, mode, new RandomAccessFile(path.toFile(), access), onClose);
        } catch (IOException e) {
            throw failure("cannot open the file", path, e);
        }
    }

    private static void create(Path path) throws IOException {
        try {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        } catch (FileAlreadyExistsException there) {
            if (Files.isDirectory(path)) {
                throw there;
            }
        }
    }

    private static SluiceException failure(String what, Path path, IOException e) {
        int errno = e instanceof NoSuchFileException
                ? ENOENT
                : e instanceof AccessDeniedException || !Files.isReadable(path) ? EACCES : EIO;
        return new SluiceException(what + ": " + e.getMessage(), errno, path.toString(),
                "Check the path and the permissions", e);
    }

    void acquire() {
        uses.acquire();
    }

    void release() {
        uses.release();
    }

    /** For the file thread, which nobody interrupts. */
    FileChannel channel() {
        return file.getChannel();
    }

    boolean isOpen() {
        return !uses.isClosed();
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public FileMode mode() {
        return mode;
    }

    @Override
    public long sizeBytes() throws SluiceException {
        uses.acquire();
        try {
            return file.length();
        } catch (IOException e) {
            throw failure("cannot tell the size of the file", path, e);
        } finally {
            uses.release();
        }
    }

    @Override
    public void force() throws SluiceException {
        uses.acquire();
        try {
            file.getFD().sync();
        } catch (IOException e) {
            throw failure("cannot force the file to the device", path, e);
        } finally {
            uses.release();
        }
    }

    @Override
    public void close() {
        if (!uses.close()) {
            return;
        }
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing " + path, e);
        } finally {
            onClose.accept(this);
        }
    }
}
