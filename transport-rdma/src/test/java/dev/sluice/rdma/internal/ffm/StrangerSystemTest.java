package dev.sluice.rdma.internal.ffm;

import static dev.sluice.rdma.internal.ffm.CmConstants.RDMA_CM_EVENT_REJECTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CompletionQueue;
import dev.sluice.Listener;
import dev.sluice.Options;
import dev.sluice.Sluice;
import dev.sluice.Transport;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Who is no peer of ours calls at a listener: it is refused with a reason, and the listener lives on. */
final class StrangerSystemTest {
    private static final int BY_PROGRAM = 28;
    private static final int ROCE_PORT = 4791;
    /** Little-endian "SLR" and version 2, as a hello begins. */
    private static final byte[] MARK = {'S', 'L', 'R', 2};

    @Test
    void shouldRefuseWithAReasonWhateverTheFirstBytesOfAStrangerAre() throws Exception {
        try (Loopback here = Loopback.open();
                Transport transport = open();
                Listener listener = listen(transport, here)) {
            for (byte[] first : strangeRequests()) {
                String reason = refused(here, listener, first);
                assertThat(reason).as("the answer to %s", Arrays.toString(first)).containsAnyOf(
                        "this is a Sluice listener",
                        "the peer speaks version", "the hello ends", "do not fit", "out of its range");
            }
            proveAlive(transport, listener);
        }
    }

    @Test
    void shouldSurviveOtherPrograms() throws Exception {
        try (Loopback here = Loopback.open();
                Transport transport = open();
                Listener listener = listen(transport, here)) {
            String host = listener.address().getHost();
            String port = Integer.toString(listener.address().getPort());
            // A refusal ends them with a code that is not 0; 124 would be ours, for one that hangs.
            assertThat(run("timeout", "60", "rping", "-c", "-a", host, "-p", port, "-C", "1", "-v")).isNotIn(0, 124);
            assertThat(run("timeout", "60", "ib_send_lat", "-R", "-d", here.device.deviceName(), "-n", "5", "-p", port,
                    host)).isNotIn(0, 124);
            proveAlive(transport, listener);
        }
    }

    @Test
    void shouldSurviveAPortScan() throws Exception {
        try (Loopback here = Loopback.open();
                Transport transport = open();
                Listener listener = listen(transport, here)) {
            InetAddress host = InetAddress.getByName(listener.address().getHost());
            int port = listener.address().getPort();
            for (int each = port - 5; each <= port + 5; each++) {
                try (Socket scan = new Socket()) {
                    scan.connect(new InetSocketAddress(host, each), 1000);
                } catch (IOException nobody) {
                    // The usual answer: RDMA's ports are not those of TCP.
                    assertThat(nobody).isNotNull();
                }
            }
            Random random = new Random(7);
            try (DatagramSocket socket = new DatagramSocket()) {
                for (int i = 0; i < 500; i++) {
                    byte[] noise = new byte[random.nextInt(200)];
                    random.nextBytes(noise);
                    socket.send(new DatagramPacket(noise, noise.length, host, ROCE_PORT));
                }
            }
            proveAlive(transport, listener);
        }
    }

    private static List<byte[]> strangeRequests() {
        List<byte[]> all = new ArrayList<>();
        all.add(new byte[0]);
        all.add("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        for (int length = 1; length < 24; length += 5) {
            all.add(Arrays.copyOf(MARK, length));
        }
        byte[] version = Arrays.copyOf(MARK, 24);
        version[3] = 9;
        all.add(version);
        for (int at = 4; at < 8; at++) {
            byte[] limit = {'S', 'L', 'R', 1, 0, 20, 4, 8, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0};
            limit[at] = at == 6 ? 0 : (byte) -1;
            all.add(limit);
        }
        Random random = new Random(11);
        for (int i = 0; i < 20; i++) {
            byte[] any = new byte[random.nextInt(FfmConnParam.MAX_PRIVATE_DATA_BYTES + 1)];
            random.nextBytes(any);
            all.add(any);
        }
        return all;
    }

    private static String refused(Loopback here, Listener listener, byte[] first) throws Exception {
        InetSocketAddress to = new InetSocketAddress(listener.address().getHost(), listener.address().getPort());
        try (End stranger = new End(here.resolved(to), here.domain, here.queue, null)) {
            stranger.id.connect(new FfmConnParam().reads(1, 1).privateData(first));
            FfmCmEvent answer = here.await(RDMA_CM_EVENT_REJECTED, stranger.id);
            assertThat(answer.status()).isEqualTo(BY_PROGRAM);
            return new String(answer.privateData(), StandardCharsets.UTF_8);
        }
    }

    private static Transport open() throws Exception {
        return Sluice.open(URI.create("rdma:///"), Options.none());
    }

    private static Listener listen(Transport transport, Loopback here) throws Exception {
        return transport.listen(URI.create("rdma://" + here.address(true).getHostAddress() + ":0"), Options.none());
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private static void proveAlive(Transport transport, Listener listener) throws Exception {
        CompletionQueue queue = transport.newQueue(Options.none());
        FutureTask<Boolean> dial = new FutureTask<>(
                () -> transport.connect(listener.address(), queue, Options.none()).id() != 0);
        Thread.ofPlatform().daemon().start(dial);
        listener.accept(Tuning.seconds(10)).orElseThrow().accept(queue, Options.none());
        assertThat(dial.get(Tuning.seconds(10).toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        queue.close();
    }
}
