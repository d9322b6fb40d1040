package dev.sluice.aeron.conn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ConnectionRequest;
import dev.sluice.Listener;
import dev.sluice.Options;
import dev.sluice.Sluice;
import dev.sluice.Transport;
import dev.sluice.internal.frames.Terms;
import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.driver.MediaDriver;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;

/** A hello over UDP is answered where it came from, and nowhere else. */
@Timeout(60)
class WayBackTest {

    @Test
    void shouldHearNoHelloWhoseWayBackLeadsToAnotherHost() throws Exception {
        try (MediaDriver driver = MediaDriver
                .launchEmbedded(new MediaDriver.Context().termBufferSparseFile(true).dirDeleteOnShutdown(true));
                Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
                Transport transport = Sluice.open(URI.create("aeron:///"), Options.none());
                Listener listener = transport.listen(URI.create("aeron://127.0.0.1:0"), Options.none())) {
            ExclusivePublication hello = aeron.addExclusivePublication(
                    "aeron:udp?endpoint=127.0.0.1:" + listener.address().getPort(), AeronListener.HELLO_STREAM);
            say(hello, "127.0.0.2:" + freePort());
            say(hello, "[::1]:" + freePort());
            String own = "127.0.0.1:" + freePort();
            say(hello, own);
            // The stream keeps their order, so the first one that is heard is the only one.
            ConnectionRequest heard = listener.accept(Duration.ofSeconds(20)).orElseThrow();
            assertThat(heard.peer()).hasToString("aeron://" + own);
            assertThat(listener.accept(Duration.ZERO)).isEmpty();
        }
    }

    private static int freePort() throws Exception {
        return Addresses.free(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).getPort();
    }

    private static void say(ExclusivePublication hello, String wayBack) {
        UnsafeBuffer word = new UnsafeBuffer(Words.hello(Terms.of(Options.none()), Reply.at(wayBack), new byte[0]));
        while (hello.offer(word, 0, word.capacity()) < 0) {
            Thread.yield();
        }
    }
}
