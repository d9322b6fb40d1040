package dev.sluice.auto;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Ends of a rendezvous that say what a test wants. */
final class RawEnd {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private RawEnd() {}

    /** An honest rendezvous, serving. */
    static Rendezvous rendezvous(Tokens tokens, Duration timeout) throws IOException {
        Rendezvous rendezvous = Rendezvous.bind(new InetSocketAddress(LOOPBACK, 0),
                reachedAt -> Map.of("tcp", URI.create("tcp://127.0.0.1:7")), tokens, timeout);
        rendezvous.start();
        return rendezvous;
    }

    /** Says something to a rendezvous and returns all that comes back until the end. */
    static byte[] say(Rendezvous rendezvous, byte[] bytes) throws IOException {
        try (Socket socket = new Socket(LOOPBACK, rendezvous.address().getPort())) {
            socket.getOutputStream().write(bytes);
            return socket.getInputStream().readAllBytes();
        }
    }

    /** A rendezvous that hears a hello out and answers these bytes; ends when it is closed. */
    static ServerSocket answering(byte[] bytes) throws IOException {
        ServerSocket server = new ServerSocket(0, 1, LOOPBACK);
        Thread.ofVirtual().start(() -> {
            try (Socket peer = server.accept()) {
                peer.getInputStream().readNBytes(Wire.HELLO_BYTES);
                peer.getOutputStream().write(bytes);
            } catch (IOException e) {
                assert server.isClosed() || e.getMessage() != null;
            }
        });
        return server;
    }

    static URI address(int port) {
        return URI.create("auto://127.0.0.1:" + port);
    }
}
