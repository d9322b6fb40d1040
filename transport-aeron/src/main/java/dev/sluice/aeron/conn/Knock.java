package dev.sluice.aeron.conn;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.TimeUnit;

/**
 * Asks the peer's host whether anybody has the port, which Aeron does not tell: a datagram that is too short for a media driver,
 * which drops it, is answered by an ICMP message when nobody has it (udp(7), ECONNREFUSED). Silence says nothing. It has one
 * byte, for the JDK sends no empty one.
 */
final class Knock implements AutoCloseable {
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final DatagramChannel channel;
    private final ByteBuffer byteToDrop = ByteBuffer.allocate(1);
    private final ByteBuffer answer = ByteBuffer.allocate(1);
    private long lastNs = System.nanoTime() - INTERVAL_NS;

    private Knock(DatagramChannel channel) {
        this.channel = channel;
    }

    static Knock at(InetSocketAddress peer) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        boolean ready = false;
        try {
            channel.configureBlocking(false);
            channel.connect(peer);
            ready = true;
            return new Knock(channel);
        } finally {
            if (!ready) {
                channel.close();
            }
        }
    }

    /** Whether the peer's host has said that nobody has the port; knocks now and then. */
    boolean isRefused() throws IOException {
        try {
            channel.read(answer.clear());
            long nowNs = System.nanoTime();
            if (nowNs - lastNs >= INTERVAL_NS) {
                lastNs = nowNs;
                channel.write(byteToDrop.clear());
            }
            return false;
        } catch (PortUnreachableException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
