package dev.sluice.bench.reference;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * The far end of {@link TransferTo}: reads what arrives into memory, as much of it as the peer of Sluice has, and answers
 * each transfer with a byte.
 */
public final class FileSink {

    /** How the line begins on which it tells its port. */
    static final String LISTENING = "file sink on port ";

    private static final int MEMORY_BYTES = 64 << 20;

    private FileSink() {}

    /**
     * Serves one connection after the other, on a port of its own on the loopback address, until standard input ends.
     *
     * @throws IOException when it cannot listen, or standard input cannot be read
     */
    public static void serveUntilStdinEnds() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Thread.ofPlatform().daemon().name("file-sink").start(() -> serve(server));
            System.out.println(LISTENING + ((InetSocketAddress) server.getLocalAddress()).getPort());
            System.out.flush();
            while (System.in.read() >= 0) {
                // What is written there means nothing.
            }
        }
    }

    private static void serve(ServerSocketChannel server) {
        ByteBuffer memory = ByteBuffer.allocateDirect(MEMORY_BYTES);
        ByteBuffer small = ByteBuffer.allocateDirect(Long.BYTES);
        while (server.isOpen()) {
            try (SocketChannel channel = server.accept()) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                receive(channel, memory, small);
            } catch (IOException e) {
                // The sender sees it as well, and says so; or this process is ending.
            }
        }
    }

    /** Transfers until the sender closes: each is a length of 8 bytes, then the bytes, then our answer of one. */
    private static void receive(SocketChannel channel, ByteBuffer memory, ByteBuffer small) throws IOException {
        while (true) {
            small.clear();
            while (small.hasRemaining()) {
                if (channel.read(small) < 0) {
                    return;
                }
            }
            for (long left = small.getLong(0); left > 0;) {
                if (!memory.hasRemaining()) {
                    memory.clear();
                }
                int n = channel.read(memory);
                if (n < 0) {
                    return;
                }
                left -= n;
            }
            channel.write(small.limit(1).position(0));
        }
    }
}
