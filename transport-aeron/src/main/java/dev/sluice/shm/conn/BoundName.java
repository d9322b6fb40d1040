package dev.sluice.shm.conn;

import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.Sockets;
import dev.sluice.internal.linux.UnixSockets;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The name of a listening socket in the file system. A socket gets a name of its own beside the wanted one, listens, and is
 * then linked to the wanted name: so whatever is found there is either alive or stale, never about to listen, and of two
 * that want the name one gets it.
 */
final class BoundName {

    private static final int ATTEMPTS = 8;
    private static final String MARK = ".sluice-";

    private final Path path;
    private final Object identity;

    private BoundName(Path path, Object identity) {
        this.path = path;
        this.identity = identity;
    }

    /** Binds and listens, and takes over a name that a dead process has left. */
    static BoundName listen(NativeContext ctx, int fd, SocketName name, int backlog) throws ErrnoException {
        if (name.isAbstract()) {
            check("bind to " + name, UnixSockets.bind(ctx, fd, name.bytes()));
            check("listen", Sockets.listen(ctx, fd, backlog));
            return new BoundName(null, null);
        }
        removeLeftBehind(name.path());
        SocketName own = name.beside(MARK + ProcessHandle.current().pid() + "-" + fd);
        check("bind to " + own, UnixSockets.bind(ctx, fd, own.bytes()));
        try {
            Files.setPosixFilePermissions(own.path(), PosixFilePermissions.fromString("rw-------"));
            check("listen", Sockets.listen(ctx, fd, backlog));
            for (int i = 0; i < ATTEMPTS; i++) {
                if (link(own.path(), name.path()) || !isStale(ctx, name)) {
                    break;
                }
            }
            Object identity = identity(own.path());
            if (identity == null || !identity.equals(identity(name.path()))) {
                throw new ErrnoException("taking the name " + name, Errno.EADDRINUSE);
            }
            return new BoundName(name.path(), identity);
        } catch (IOException e) {
            if (e instanceof ErrnoException mine) {
                throw mine;
            }
            throw new ErrnoException("naming the socket (" + e + ")", Errno.EACCES);
        } finally {
            delete(own.path());
        }
    }

    /** Takes the name away, unless somebody else has it by now. */
    void remove() {
        if (path != null && Objects.equals(identity, identity(path))) {
            delete(path);
        }
    }

    private static boolean link(Path own, Path wanted) throws IOException {
        try {
            Files.createLink(wanted, own);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    /** Whether the name may be tried again: nobody listens there, or it has gone. */
    private static boolean isStale(NativeContext ctx, SocketName name) throws ErrnoException {
        Object before = identity(name.path());
        int probe = UnixSockets.open(ctx);
        check("a socket to ask whether somebody listens", probe);
        int result = UnixSockets.connect(ctx, probe, name.bytes());
        FileDescriptors.close(ctx, probe);
        if (result == -Errno.ECONNREFUSED && before != null && before.equals(identity(name.path()))
                && isSocket(name.path())) {
            delete(name.path());
            return true;
        }
        return result == -Errno.ENOENT;
    }

    /** What a process that died between binding and naming has left. */
    private static void removeLeftBehind(Path path) {
        Path folder = path.toAbsolutePath().getParent();
        String prefix = path.getFileName() + MARK;
        try (Stream<Path> all = Files.list(folder)) {
            all.filter(each -> each.getFileName().toString().startsWith(prefix) && isDead(each, prefix.length()))
                    .forEach(BoundName::delete);
        } catch (IOException e) {
            // Then binding says what is wrong with the folder.
            return;
        }
    }

    private static boolean isDead(Path left, int prefixLength) {
        String[] numbers = left.getFileName().toString().substring(prefixLength).split("-", 2);
        return numbers[0].matches("\\d{1,9}") && ProcessHandle.of(Long.parseLong(numbers[0])).isEmpty();
    }

    private static boolean isSocket(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).isOther();
        } catch (IOException e) {
            return false;
        }
    }

    private static Object identity(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (NoSuchFileException e) {
            // Somebody was faster, which is as good.
            return;
        } catch (IOException e) {
            System.getLogger("dev.sluice.shm").log(System.Logger.Level.WARNING, "cannot remove " + path, e);
        }
    }

    private static void check(String call, int result) throws ErrnoException {
        if (result < 0) {
            throw new ErrnoException(call, -result);
        }
    }
}
