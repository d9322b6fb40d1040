package dev.sluice.tcp.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.tcp.ProcessFacts;
import dev.sluice.tcp.hostile.Victim.Attack;
import dev.sluice.testkit.hostile.RawFrame;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.management.ObjectName;

/** A thousand peers that connect and do not shake hands cost almost nothing, and keep nobody out. */
final class HalfOpenFloodTest {
    private static final int PEERS = 1000;

    private static final long HELD_BYTES = 64 << 10;

    /** Live bytes in objects of the transport and in its arrays of them, after a collection. */
    private static long heldBytes() throws Exception {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer().invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
                new Object[]{new String[0]}, new String[]{String[].class.getName()});
        return histogram.lines().filter(line -> line.contains("dev.sluice.tcp.conn."))
                .mapToLong(line -> Long.parseLong(line.trim().split(" +", -1)[2])).sum();
    }

    @Test
    void shouldHoldLittleAndServeOthersWhenAThousandPeersAreHalfOpen() throws Exception {
        List<Socket> flood = new ArrayList<>();
        try (Victim victim = new Victim()) {
            victim.requireHonestPairLives();
            long descriptors = ProcessFacts.descriptors();
            InetSocketAddress where = new InetSocketAddress(victim.address().getHost(), victim.address().getPort());
            byte[] part = Arrays.copyOf(RawPeer.hello(1, new byte[16]), RawPeer.HELLO_BYTES - 1);
            long before = heldBytes();
            try {
                for (int i = 0; i < PEERS; i++) {
                    Socket socket = new Socket();
                    flood.add(socket);
                    socket.connect(where);
                    socket.getOutputStream().write(part, 0, i % part.length);
                }
                victim.until("all are taken in", () -> ProcessFacts.descriptors() == descriptors + 2L * PEERS);
                assertThat(heldBytes() - before).as("bytes held").isBetween(16L * PEERS, HELD_BYTES);
                victim.requireHonestPairLives();
                Attack another = victim.attacked();
                another.peer().send(RawFrame.message(3));
                victim.until("a newcomer is served", () -> victim.heard.messages.size() == 1);
            } finally {
                closeAll(flood);
            }
            victim.requireHonestPairLives();
        }
    }

    private static void closeAll(List<Socket> flood) throws IOException {
        for (Socket socket : flood) {
            socket.close();
        }
    }
}
