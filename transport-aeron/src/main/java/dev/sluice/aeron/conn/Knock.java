package dev.sluice.aeron.conn;

import dev.sluice.SluiceException;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.linux.Errno;
import org.agrona.CloseHelper;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.TimeUnit;

/**
 * Asks the peer's host whether anybody has the port, which Aeron does not tell: a datagram that is too short for a media driver,
 * which drops it, is answered by an ICMP message when nobody has it (udp(7), ECONNREFUSED). Silence says nothing. It has one
 * byte, for the JDK sends no empty one.
 */
final class Knock implements Absence {
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final URI peer;
    private final DatagramChannel channel;
    private final ByteBuffer byteToDrop = ByteBuffer.allocate(1);
    private final ByteBuffer answer = ByteBuffer.allocate(1);
    private long lastNs = System.nanoTime() - INTERVAL_NS;

    private Knock(URI peer, DatagramChannel channel) {
        this.peer = peer;
        this.channel = channel;
    }

    /**
     * Ready to knock.
     *
     * @param address where
     * @param peer for messages
     */
    static Knock at(InetSocketAddress address, URI peer) throws SluiceException {
        DatagramChannel channel = null;
        boolean ready = false;
        try {
            channel = DatagramChannel.open();
            channel.configureBlocking(false);
            channel.connect(address);
            ready = true;
            return new Knock(peer, channel);
        } catch (IOException e) {
            throw unreachable(peer, e);
        } finally {
            if (!ready) {
                CloseHelper.quietClose(channel);
            }
        }
    }

    @Override
    public void check() throws SluiceException {
        try {
            channel.read(answer.clear());
            long nowNs = System.nanoTime();
            if (nowNs - lastNs >= INTERVAL_NS) {
                lastNs = nowNs;
                channel.write(byteToDrop.clear());
            }
        } catch (PortUnreachableException e) {
            throw Failure.ofErrno("nobody listens there", Errno.ECONNREFUSED, peer.toString(),
                    "Is a listener running there? Start one with ./sluice peer --listen URI").toException();
        } catch (IOException e) {
            throw unreachable(peer, e);
        }
    }

    private static SluiceException unreachable(URI peer, IOException e) {
        return new SluiceException("the peer cannot be reached: " + e.getMessage(), 0, peer.toString(),
                "Check the address and the routes (ip route get ADDRESS)", e);
    }

    @Override
    public void close() {
        CloseHelper.quietClose(channel);
    }
}
