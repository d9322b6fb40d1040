package dev.sluice.aeron.conn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

@Timeout(30)
class KnockTest {
    private static final int SHORTEST_FRAME = 8;

    @Test
    void shouldHearThatNobodyHasThePort() throws Exception {
        InetSocketAddress free = Addresses.free(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        try (Knock knock = Knock.at(free)) {
            while (!knock.isRefused()) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void shouldSendWhatNoDriverTakesForAFrame() throws Exception {
        try (DatagramSocket somebody = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                Knock knock = Knock.at((InetSocketAddress) somebody.getLocalSocketAddress())) {
            assertThat(knock.isRefused()).isFalse();
            DatagramPacket packet = new DatagramPacket(new byte[64], 64);
            somebody.receive(packet);
            assertThat(packet.getLength()).isBetween(1, SHORTEST_FRAME - 1);
            assertThat(knock.isRefused()).isFalse();
        }
    }
}
