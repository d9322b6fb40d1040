package dev.sluice.aeron.conn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.SluiceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

@Timeout(30)
class KnockTest {
    private static final int SHORTEST_FRAME = 8;
    private static final URI PEER = URI.create("aeron://127.0.0.1:1");

    @Test
    void shouldHearThatNobodyHasThePort() throws Exception {
        InetSocketAddress free = Addresses.free(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        try (Knock knock = Knock.at(free, PEER)) {
            assertThatThrownBy(() -> {
                while (true) {
                    knock.check();
                }
            }).isInstanceOf(SluiceException.class).hasMessageContaining("nobody listens there");
        }
    }

    @Test
    void shouldSendWhatNoDriverTakesForAFrame() throws Exception {
        try (DatagramSocket somebody = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                Knock knock = Knock.at((InetSocketAddress) somebody.getLocalSocketAddress(), PEER)) {
            knock.check();
            DatagramPacket packet = new DatagramPacket(new byte[64], 64);
            somebody.receive(packet);
            assertThat(packet.getLength()).isBetween(1, SHORTEST_FRAME - 1);
            knock.check();
        }
    }
}
