package dev.sluice.testkit.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * The far role. Listens for near roles on {@code host:port} (port 0 takes any), says {@code LISTENING host:port} on standard
 * output, and serves each connection in a thread of its own until {@code exit} is asked for or, started with
 * {@code --with-parent}, until standard input ends.
 *
 * <p>For a second host: {@code java -cp ... dev.sluice.testkit.peer.PeerMain 10.0.0.2:7070} there, and
 * {@code -Dsluice.test.far=10.0.0.2:7070} here. It obeys whoever connects: only for test networks.
 */
public final class PeerMain {

    private final ServerSocket server;

    private PeerMain(ServerSocket server) {
        this.server = server;
    }

    /**
     * Starts the far role.
     *
     * @param args {@code host:port}, and optionally {@code --with-parent}
     * @throws IOException when it cannot listen there
     */
    public static void main(String[] args) throws IOException {
        if (args.length == 0) {
            System.err.println("usage: PeerMain host:port [--with-parent]");
            System.exit(2);
        }
        InetSocketAddress address = address(args[0]);
        PeerMain peer = new PeerMain(new ServerSocket(address.getPort(), 50, address.getAddress()));
        System.out.println("LISTENING " + address.getHostString() + ":" + peer.server.getLocalPort());
        System.out.flush();
        if (args.length > 1 && args[1].equals("--with-parent")) {
            Thread.ofPlatform().daemon().name("far-parent").start(PeerMain::exitWithParent);
        }
        peer.serve();
    }

    /**
     * Serves in a thread of this process.
     *
     * @return where it listens
     * @throws IOException when it cannot listen
     */
    public static InetSocketAddress startInThread() throws IOException {
        PeerMain peer = new PeerMain(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread.ofPlatform().daemon().name("far-server").start(peer::serveQuietly);
        return new InetSocketAddress(peer.server.getInetAddress(), peer.server.getLocalPort());
    }

    /**
     * Reads {@code host:port}; an IPv6 literal may stand in brackets.
     *
     * @param text the text
     * @return the address
     * @throws IllegalArgumentException when it is not of that form
     */
    public static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("'" + text + "' is not host:port");
        }
        String host = text.substring(0, colon);
        String name = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return new InetSocketAddress(name, Integer.parseInt(text.substring(colon + 1)));
    }

    private void serve() throws IOException {
        while (true) {
            Socket socket = server.accept();
            socket.setTcpNoDelay(true);
            Thread.ofPlatform().daemon().name("far-session").start(new Session(socket));
        }
    }

    private void serveQuietly() {
        try {
            serve();
        } catch (IOException e) {
            PeerLog.log("the far role stopped listening", e);
        }
    }

    /** A test that was killed must not leave its second process behind. */
    private static void exitWithParent() {
        try {
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        } catch (IOException e) {
            PeerLog.log("standard input", e);
        }
        Runtime.getRuntime().halt(0);
    }
}
