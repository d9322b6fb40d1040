package dev.sluice.shm.conn;

import dev.sluice.internal.linux.UnixSockets;
import dev.sluice.spi.SluiceUri;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The name of a rendezvous. {@code shm:///run/app/socket} is a path; {@code shm:///@name} is a name in no file system, which
 * the kernel forgets with the socket (unix(7), abstract), in this network namespace.
 */
final class SocketName {

    private static final String ABSTRACT = "/@";
    private static final int MAX_LISTEN_CHARACTERS = 80;

    private final byte[] bytes;
    private final Path path;
    private final URI uri;

    private SocketName(byte[] bytes, Path path, URI uri) {
        this.bytes = bytes;
        this.path = path;
        this.uri = uri;
    }

    /** What an address names; to dial, so that it names something. */
    static SocketName of(SluiceUri uri) {
        if (!uri.host().isEmpty() || uri.port() != SluiceUri.NO_PORT) {
            throw new IllegalArgumentException("'" + uri + "' names a host; shared memory stays on this one: write"
                    + " shm:///path, or shm:///@name");
        }
        String text = uri.path();
        if (text.length() < 2 || text.equals(ABSTRACT)) {
            throw new IllegalArgumentException("'" + uri + "' names nothing to connect to: write shm:///path, or"
                    + " shm:///@name");
        }
        return of(text);
    }

    /** What an address names; to listen at, where none means a fresh name. */
    static SocketName toListen(SluiceUri uri) {
        boolean any = uri.host().isEmpty() && uri.port() == SluiceUri.NO_PORT
                && (uri.path().length() < 2 || uri.path().equals(ABSTRACT));
        if (!any && uri.path().length() > MAX_LISTEN_CHARACTERS) {
            throw new IllegalArgumentException("'" + uri + "' is too long to listen at: a path has up to "
                    + MAX_LISTEN_CHARACTERS + " characters, so that a socket's name beside it fits, too");
        }
        return any
                ? of(ABSTRACT + "sluice-" + ProcessHandle.current().pid() + "-"
                        + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()))
                : of(uri);
    }

    /** A name beside this one, for a socket that is not ready to be found. */
    SocketName beside(String suffix) {
        return of(path + suffix);
    }

    /** As the kernel wants it; not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    /** Null for a name in no file system. */
    Path path() {
        return path;
    }

    /** To dial. */
    URI uri() {
        return uri;
    }

    boolean isAbstract() {
        return path == null;
    }

    @Override
    public String toString() {
        return uri.toString();
    }

    private static SocketName of(String text) {
        boolean named = text.startsWith(ABSTRACT);
        byte[] bytes = (named ? "\0" + text.substring(ABSTRACT.length()) : text).getBytes(StandardCharsets.UTF_8);
        if (bytes.length > UnixSockets.MAX_NAME_BYTES) {
            throw new IllegalArgumentException("the path '" + text + "' has " + bytes.length
                    + " bytes, a socket's has at most " + UnixSockets.MAX_NAME_BYTES + ": choose a shorter one, or"
                    + " shm:///@name");
        }
        try {
            return new SocketName(bytes, named ? null : Path.of(text), new URI("shm", "", text, null, null));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + text + "' is no path of an address", e);
        }
    }
}
