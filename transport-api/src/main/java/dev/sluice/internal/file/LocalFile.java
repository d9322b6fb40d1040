package dev.sluice.internal.file;

import dev.sluice.FileMode;
import dev.sluice.SluiceException;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.spi.UseCount;
import dev.sluice.spi.data.OwnedFile;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A file with the descriptor that this transport opened for it. Uses are counted, so that the descriptor, whose number
 * the system gives to the next file at once, is never closed under an operation. Any thread.
 */
public final class LocalFile implements OwnedFile {
    /** rw-r--r--, less the umask. */
    private static final int NEW_FILE_PERMISSIONS = 0644;

    private final UseCount uses = new UseCount("file");
    private final Object owner;
    private final Path path;
    private final FileMode mode;
    private final int fd;
    private final Consumer<LocalFile> onClose;

    private LocalFile(Object owner, Path path, FileMode mode, int fd, Consumer<LocalFile> onClose) {
        this.owner = owner;
        this.path = path;
        this.mode = mode;
        this.fd = fd;
        this.onClose = onClose;
    }

    /**
     * Opens a file, open(2). It never waits for a writer when the path names a pipe: what has no positions is refused.
     *
     * @param owner the transport that opens it; compared by identity
     * @param path where
     * @param mode how
     * @param onClose told once, after the descriptor is closed
     * @return the file
     * @throws SluiceException when the system refuses, or it is a directory or a pipe; with path, errno and remedy
     */
    public static LocalFile open(Object owner, Path path, FileMode mode, Consumer<LocalFile> onClose)
            throws SluiceException {
        NativeContext ctx = new NativeContext();
        int fd = FileCalls.open(ctx, path, flags(mode) | FileDescriptors.O_NONBLOCK, NEW_FILE_PERMISSIONS);
        if (fd < 0) {
            throw failure("cannot open the file for " + mode, path, -fd);
        }
        int refused = (int) FileCalls.pread(ctx, fd, 0, 0, 0);
        if (refused == 0) {
            refused = FileDescriptors.setNonBlocking(ctx, fd, false);
        }
        if (refused < 0) {
            FileDescriptors.close(ctx, fd);
            throw failure("cannot read the file", path, -refused);
        }
        return new LocalFile(owner, path, mode, fd, onClose);
    }

    @Override
    public void acquire(Object transport) {
        if (transport != owner) {
            throw new IllegalArgumentException("this file belongs to another transport: " + path);
        }
        uses.acquire();
    }

    /** Begins a use on behalf of an operation that was let in by {@link #acquire(Object)} before. */
    void retain() {
        uses.acquire();
    }

    @Override
    public void release() {
        uses.release();
    }

    @Override
    public void checkWritable() {
        if (mode == FileMode.READ) {
            throw new IllegalArgumentException(
                    "this file was opened with FileMode.READ and cannot be written: " + path);
        }
    }

    /**
     * The descriptor, for the time of a use.
     *
     * @return not negative
     */
    public int fd() {
        return fd;
    }

    /**
     * The size now, for the time of a use, without exception and allocation.
     *
     * @param ctx the calling thread's context
     * @return bytes, or minus the errno
     */
    public long sizeNow(NativeContext ctx) {
        return FileCalls.size(ctx, fd);
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public FileMode mode() {
        return mode;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException when the file is closed
     */
    @Override
    public long sizeBytes() throws SluiceException {
        uses.acquire();
        try {
            return check("cannot ask for the size of the file", sizeNow(new NativeContext()));
        } finally {
            uses.release();
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException when the file is closed
     */
    @Override
    public void force() throws SluiceException {
        uses.acquire();
        try {
            check("cannot force the file to its device", FileCalls.dataSync(new NativeContext(), fd));
        } finally {
            uses.release();
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws UncheckedIOException when close(2) reports what went wrong with earlier writes, as network file systems do; the
     *         descriptor is closed all the same
     */
    @Override
    public void close() {
        if (!uses.close()) {
            return;
        }
        int result = FileDescriptors.close(new NativeContext(), fd);
        onClose.accept(this);
        if (result < 0) {
            throw new UncheckedIOException(failure("closing the file reports a failed write", path, -result));
        }
    }

    @Override
    public String toString() {
        return "LocalFile[" + path + ", " + mode + (uses.isClosed() ? ", closed]" : ", fd " + fd + "]");
    }

    private long check(String what, long result) throws SluiceException {
        if (result < 0) {
            throw failure(what, path, (int) -result);
        }
        return result;
    }

    private static int flags(FileMode mode) {
        return switch (mode) {
            case READ -> FileCalls.O_RDONLY;
            case READ_WRITE -> FileCalls.O_RDWR;
            case CREATE -> FileCalls.O_RDWR | FileCalls.O_CREAT;
        };
    }

    private static SluiceException failure(String what, Path path, int errno) {
        return new SluiceException(what + ": " + Errno.describe(errno), errno, path.toString(), remedy(errno));
    }

    private static String remedy(int errno) {
        return switch (errno) {
            case Errno.ENOENT -> "Check the path; FileMode.CREATE makes the file, but not its folder";
            case Errno.EACCES, Errno.EPERM ->
                "Give the user of this process the right to the file and to each folder above it";
            case Errno.EISDIR -> "Name a file, not a directory";
            case Errno.ESPIPE -> "Name a file that has positions, not a pipe, socket or terminal";
            case Errno.EMFILE -> "Raise the limit of open files (ulimit -n), or close files";
            case Errno.ENOSPC -> "Free space on the device";
            case Errno.EROFS -> "Open it with FileMode.READ, or mount the file system for writing";
            default -> "";
        };
    }
}
