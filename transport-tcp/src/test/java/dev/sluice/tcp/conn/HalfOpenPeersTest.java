package dev.sluice.tcp.conn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.internal.control.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import javax.management.ObjectName;

final class HalfOpenPeersTest {
    private static final long HELD_BYTES = 64 << 10;

    private final TwoLoops loops = new TwoLoops();

    private final List<RawPeer> peers = new ArrayList<>();

    HalfOpenPeersTest() throws SluiceException {}

    @AfterEach
    void close() throws Exception {
        for (RawPeer peer : peers) {
            peer.close();
        }
        loops.close();
    }

    private void open(TcpListener listener, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            // Some say nothing, some say a part.
            peers.add(new RawPeer(listener.address()).send(Arrays.copyOf(RawPeer.goodHello(), i % 128)));
        }
    }

    @Test
    @Tag("slow")
    void shouldServeOthersInBoundedMemoryWhenThousandAreHalfOpen() throws Exception {
        try (TcpListener listener = loops.listen(Options.none())) {
            long before = heldBytes();
            open(listener, 1000);
            TestTime.until("all are half-open", () -> HalfOpenPeers.of(loops.far).halfOpenCount() == 1000);
            assertThat(heldBytes() - before).isBetween(1000 * 16L, HELD_BYTES);
            loops.join(listener, Options.none(), Options.none());
            loops.nearFactory.next().close();
            loops.farFactory.next().close();
            assertThat(HalfOpenPeers.of(loops.far).halfOpenCount()).isEqualTo(1000);
        }
        assertThat(peers.get(500).refusal().code()).isEqualTo(Refusal.LISTENER_CLOSED);
        TestTime.until("all are closed", () -> loops.far.watchCount() == 0);
        assertThat(HalfOpenPeers.of(loops.far).halfOpenCount()).isZero();
        assertThat(HalfOpenPeers.of(loops.far).refusedCount()).isZero();
    }

    @Test
    void shouldRefuseOldestWhenThereAreTooMany() throws Exception {
        try (TcpListener listener = loops.listen(Options.none())) {
            open(listener, HalfOpenPeers.MAX_HALF_OPEN + 200);
            for (int i = 0; i < 200; i++) {
                assertThat(peers.get(i).refusal().reason()).contains("too many peers");
            }
            TestTime.until("the table is full",
                    () -> HalfOpenPeers.of(loops.far).halfOpenCount() == HalfOpenPeers.MAX_HALF_OPEN);
            assertThat(HalfOpenPeers.of(loops.far).refusals()).isEqualTo(200);
            assertThat(HalfOpenPeers.of(loops.far).refusedCount()).isLessThanOrEqualTo(HalfOpenPeers.MAX_REFUSED);
            loops.join(listener, Options.none(), Options.none());
            loops.nearFactory.next().close();
            loops.farFactory.next().close();
        }
    }

    @Test
    void shouldCloseAllWhenTheirTimeIsUp() throws Exception {
        Options hasty = Options.none().with(StandardOptions.CONNECT_TIMEOUT, Duration.ofMillis(300));
        try (TcpListener listener = loops.listen(hasty)) {
            open(listener, 300);
            for (RawPeer peer : peers) {
                assertThat(peer.refusal().code()).isEqualTo(Refusal.TOO_LATE);
                peer.close();
            }
            TestTime.until("only the listener is left", () -> loops.far.watchCount() == 1);
        }
    }

    /** What the control plane's objects for such peers take on the heap, with their tables, by the JVM's own count. */
    private long heldBytes() throws Exception {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer().invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
                new Object[]{new String[0]}, new String[]{String[].class.getName()});
        Pattern line = Pattern
                .compile("\\d+: +\\d+ +(\\d+) +\\S*dev\\.sluice\\.tcp\\.conn\\.(HalfOpen|Watch|Refused)\\w*;?");
        return line.matcher(histogram).results().mapToLong(match -> Long.parseLong(match.group(1))).sum();
    }
}
