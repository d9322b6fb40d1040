package dev.sluice.bench.pair;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.process.ChildJvm;
import dev.sluice.bench.process.Pinning;

import java.net.URI;
import java.util.Locale;

/**
 * A bench peer on this machine for as long as it is open: in a second process, or, for a transport inside one JVM, on a
 * thread of this one.
 */
public final class LocalPeer implements AutoCloseable {

    private static final String LISTENING = "listening on ";
    private static final long JOIN_MILLIS = 5_000;

    private final URI address;
    private final AutoCloseable end;

    private LocalPeer(URI address, AutoCloseable end) {
        this.address = address;
        this.end = end;
    }

    /**
     * Starts a peer and waits until it listens.
     *
     * @param scheme of the transport, or {@code auto}
     * @param crossesProcesses whether it reaches another process
     * @param path where the peer listens, as in a URI; empty or a slash for a place of its own choice
     * @param query options for the peer's transport as in a URI, without the question mark; may be empty
     * @param pinning where a second process runs
     * @return the peer
     * @throws BenchException when it does not start
     */
    public static LocalPeer start(String scheme, boolean crossesProcesses, String path, String query, Pinning pinning) {
        URI local = localAddress(scheme, path, query);
        if (!crossesProcesses) {
            return onThread(local);
        }
        ChildJvm child = ChildJvm.start(pinning::far, "peer", "--listen", local.toString(), "--until-stdin-ends");
        try {
            return new LocalPeer(URI.create(child.awaitLine(LISTENING)), child);
        } catch (RuntimeException e) {
            child.close();
            throw e;
        }
    }

    private static LocalPeer onThread(URI local) {
        PeerServer server = PeerServer.listen(local, System.err::println);
        Thread thread = Thread.ofPlatform().name("sluice-bench-peer").daemon().start(server::serve);
        return new LocalPeer(server.address(), () -> {
            server.stop();
            thread.join(JOIN_MILLIS);
            server.close();
        });
    }

    /** An address of this machine where nobody else listens. */
    private static URI localAddress(String scheme, String path, String query) {
        String authority = path.length() > 1 ? "//" + path : switch (scheme) {
            case "shm" -> "///";
            case "mem" -> "//sluice-bench:0";
            // No device is on the loopback interface; the listener tells the address of one.
            case "rdma" -> "//0.0.0.0:0";
            default -> "//127.0.0.1:0";
        };
        return URI.create(scheme.toLowerCase(Locale.ROOT) + ":" + authority + (query.isEmpty() ? "" : "?" + query));
    }

    /**
     * How the line begins on which a peer tells where it listens.
     *
     * @return the text before the address
     */
    public static String listeningPrefix() {
        return LISTENING;
    }

    /**
     * Where it listens.
     *
     * @return an address to connect to
     */
    public URI address() {
        return address;
    }

    /** Ends it. Idempotent, bounded. */
    @Override
    public void close() {
        try {
            end.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new BenchException(ExitCodes.UNEXPECTED, "the local peer did not end: " + e, e);
        }
    }
}
