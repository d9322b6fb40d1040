package dev.sluice.bench.reference;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.pair.Allocation;
import dev.sluice.bench.pair.Budget;
import dev.sluice.bench.pair.Measurement;
import dev.sluice.bench.process.ChildJvm;
import dev.sluice.bench.process.Pinning;
import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * The near end of a ping-pong written directly against Aeron, with the echo in a second process: the same driver, the same
 * lengths of terms and packets and the same way of waiting as ours.
 */
public final class AeronPing implements AutoCloseable {

    /** The name in results, over UDP. */
    public static final String UDP_TOOL = "aeron";
    /** The name in results, over IPC. */
    public static final String IPC_TOOL = "aeron-ipc";

    private static final long CONNECT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long ANSWER_NS = TimeUnit.SECONDS.toNanos(20);
    private static final int FRAGMENTS = 16;

    private final ChildJvm echo;
    private final boolean yields;
    private final String tool;
    private final AeronDriver driver;
    private final Aeron aeron;
    private final Subscription pongs;
    private final ExclusivePublication pings;
    private final BufferClaim claim = new BufferClaim();
    private long answers;
    private final FragmentHandler counting = (buffer, offset, length, header) -> answers++;

    private AeronPing(ChildJvm echo, AeronMedium medium, int nearPort, boolean yields, String tool) {
        this.echo = echo;
        this.yields = yields;
        this.tool = tool;
        String[] place = echo.awaitLine(AeronEcho.LISTENING).split(" ", 2);
        driver = medium == AeronMedium.UDP ? AeronDriver.launch() : null;
        aeron = AeronMedium.connect(driver == null ? place[0] : driver.directory());
        pongs = aeron.addSubscription(medium.channel(nearPort), AeronMedium.PONG);
        pings = aeron.addExclusivePublication(medium.channel(Integer.parseInt(place[1])), AeronMedium.PING);
    }

    /**
     * Starts the echo.
     *
     * @param tool {@link #UDP_TOOL} or {@link #IPC_TOOL}
     * @param yields whether both ends yield after an empty poll, else they spin
     * @param pinning where the echo runs
     * @return the near end
     * @throws BenchException when it does not start
     */
    public static AeronPing start(String tool, boolean yields, Pinning pinning) {
        AeronMedium medium = tool.equals(IPC_TOOL) ? AeronMedium.IPC : AeronMedium.UDP;
        int port;
        try {
            port = AeronEcho.freePort();
        } catch (IOException e) {
            throw new BenchException(ExitCodes.ENVIRONMENT, "no UDP port: " + e.getMessage(), e);
        }
        ChildJvm echo = ChildJvm.start(pinning::far, "aeron-echo", medium.label(), Integer.toString(port),
                Boolean.toString(yields));
        try {
            AeronPing ping = new AeronPing(echo, medium, port, yields, tool);
            ping.awaitConnected();
            return ping;
        } catch (RuntimeException e) {
            echo.close();
            throw e;
        }
    }

    private void awaitConnected() {
        long beganNs = System.nanoTime();
        while (!pings.isConnected() || !pongs.isConnected()) {
            if (System.nanoTime() - beganNs > CONNECT_NS) {
                throw new BenchException(ExitCodes.PEER_UNREACHABLE, "Aeron's echo does not connect");
            }
            Thread.yield();
        }
    }

    /** The name in results. */
    String tool() {
        return tool;
    }

    /** Before round trips: the echo answers from now on. */
    void wake() {
        echo.say(AeronEcho.WAKE);
    }

    /** After them: the echo leaves the processor to others. */
    void rest() {
        echo.say(AeronEcho.REST);
    }

    /**
     * Measures round trips; the clock is read once per round trip, as in our own loop.
     *
     * @param sizeBytes the length of a message, at most what one packet holds
     * @param budget how long
     * @return the figures
     * @throws BenchException when the echo does not answer
     */
    Measurement roundTrips(int sizeBytes, Budget budget) {
        Histogram times = Measurement.newHistogram();
        Allocation.ofThisThread();
        long allocatedBefore = Allocation.ofThisThread();
        long startNs = System.nanoTime();
        long lastNs = startNs;
        long operations = 0;
        do {
            once(sizeBytes, lastNs);
            operations++;
            long nowNs = System.nanoTime();
            times.recordValue(nowNs - lastNs);
            lastNs = nowNs;
        } while (operations < budget.operations() && lastNs - startNs < budget.limitNs());
        return new Measurement(times, operations, lastNs - startNs, Allocation.ofThisThread() - allocatedBefore);
    }

    private void once(int sizeBytes, long beganNs) {
        long wanted = answers + 1;
        while (pings.tryClaim(sizeBytes, claim) < 0) {
            Thread.onSpinWait();
        }
        claim.buffer().putLong(claim.offset(), wanted);
        claim.commit();
        int empty = 0;
        while (answers < wanted) {
            if (pongs.poll(counting, FRAGMENTS) == 0) {
                if (yields) {
                    Thread.yield();
                }
                if ((++empty & 0xfffff) == 0 && System.nanoTime() - beganNs > ANSWER_NS) {
                    throw new BenchException(ExitCodes.PEER_DIED, "Aeron's echo does not answer");
                }
            }
        }
    }

    @Override
    public void close() {
        aeron.close();
        echo.close();
        if (driver != null) {
            driver.close();
        }
    }
}
