package dev.sluice.bench.reference;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import org.agrona.DirectBuffer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/** The far end of Aeron's ping-pong: what arrives is claimed, copied and committed back. */
public final class AeronEcho {

    /** How the line begins on which it tells its driver's directory and its port. */
    static final String LISTENING = "aeron echo at ";
    /** The line on standard input that begins a measurement. */
    static final String WAKE = "wake";
    /** The line that ends it: who yields or spins beside the rival's measurement takes a share of that one's processor. */
    static final String REST = "rest";
    private static final int FRAGMENTS = 16;

    private final ExclusivePublication back;
    private final BufferClaim claim = new BufferClaim();
    private volatile boolean awake;
    private volatile boolean stopped;

    private AeronEcho(ExclusivePublication back) {
        this.back = back;
    }

    /**
     * Serves until standard input ends; it answers between {@link #WAKE} and {@link #REST}, and sleeps else.
     *
     * @param medium udp or ipc
     * @param nearPort where the near end listens, over UDP
     * @param yields whether it yields after an empty poll, else it spins
     * @throws IOException when standard input cannot be read
     */
    public static void serveUntilStdinEnds(String medium, int nearPort, boolean yields) throws IOException {
        AeronMedium by = AeronMedium.of(medium);
        int port = freePort();
        try (AeronDriver driver = AeronDriver.launch();
                Aeron aeron = AeronMedium.connect(driver.directory());
                Subscription pings = aeron.addSubscription(by.channel(port), AeronMedium.PING);
                ExclusivePublication back = aeron.addExclusivePublication(by.channel(nearPort), AeronMedium.PONG)) {
            AeronEcho echo = new AeronEcho(back);
            Thread thread = Thread.ofPlatform().daemon().name("sluice-aeron-echo").start(() -> echo.run(pings, yields));
            System.out.println(LISTENING + driver.directory() + " " + port);
            System.out.flush();
            BufferedReader words = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String word = words.readLine(); word != null; word = words.readLine()) {
                echo.awake = word.equals(WAKE);
                LockSupport.unpark(thread);
            }
            echo.stopped = true;
            LockSupport.unpark(thread);
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A UDP port of the loopback address that nobody has. */
    static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private void run(Subscription pings, boolean yields) {
        FragmentHandler handler = (buffer, offset, length, header) -> echo(buffer, offset, length);
        while (!stopped) {
            if (!awake) {
                LockSupport.park(this);
            } else if (pings.poll(handler, FRAGMENTS) == 0 && yields) {
                Thread.yield();
            }
        }
    }

    private void echo(DirectBuffer buffer, int offset, int length) {
        while (back.tryClaim(length, claim) < 0) {
            if (stopped) {
                return;
            }
            Thread.onSpinWait();
        }
        claim.buffer().putBytes(claim.offset(), buffer, offset, length);
        claim.commit();
    }
}
