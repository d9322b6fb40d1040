package dev.sluice.bench.reference;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.process.Pinning;
import dev.sluice.bench.process.Programs;
import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.Row;
import dev.sluice.bench.report.Timings;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code ucx_perftest} over TCP on the loopback address: a server and a client process for each run. Both spin. It takes a
 * number of iterations, not a time, so the first run is a short one that tells how many fit.
 */
public final class UcxPerftest implements Tool {

    /** The name in results. */
    public static final String TOOL = "ucx_perftest";

    /** What UCX uses where Sluice uses these; a rendezvous over loopback in either case. */
    private static final Map<String, String> UCX_TLS = Map.of("tcp", "tcp", "shm", "sysv,self");
    private static final long RUN_SECONDS = 5;
    private static final long CONNECT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long RETRY_MILLIS = 10;
    private static final long CALIBRATION_BYTES = 8L << 20;
    private static final long CALIBRATION_MAX = 200;
    private static final long CALIBRATION_MIN = 20;
    private static final double MICROS_PER_MILLI = 1000;
    private static final double NANOS_PER_MICRO = 1000;
    private static final double MIB = 1 << 20;

    private final String transport;
    private final Map<String, String> environment;
    private final UcxTest test;
    private final long sizeBytes;
    private final long millis;
    private final Pinning pinning;
    private long iterations;

    /**
     * A test.
     *
     * @param transport the scheme of ours, {@code tcp} or {@code shm}
     * @param test which
     * @param sizeBytes the length of a message, write or read
     * @param millis how long a run should take, without start-up
     * @param pinning where client and server run
     */
    public UcxPerftest(String transport, UcxTest test, long sizeBytes, long millis, Pinning pinning) {
        this.transport = transport;
        environment = Map.of("UCX_TLS", UCX_TLS.get(transport), "UCX_WARN_UNUSED_ENV_VARS", "n");
        this.test = test;
        this.sizeBytes = sizeBytes;
        this.millis = millis;
        this.pinning = pinning;
    }

    /**
     * Whether the program is there.
     *
     * @return empty when it is, else why it is not measured
     */
    public static String unavailableBecause() {
        return Programs.onPath(TOOL).isPresent()
                ? ""
                : "ucx_perftest is not on the PATH (Debian package ucx-utils), so it is not compared with";
    }

    @Override
    public String name() {
        return TOOL;
    }

    @Override
    public String test() {
        return test.test();
    }

    @Override
    public Comparison.Metric metric() {
        return test.isBandwidth() ? Comparison.Metric.BYTES_PER_SECOND : Comparison.Metric.ROUND_TRIP_P50;
    }

    @Override
    public Row run() {
        if (iterations == 0) {
            long few = Math.clamp(CALIBRATION_BYTES / Math.max(1, sizeBytes), CALIBRATION_MIN, CALIBRATION_MAX);
            double micros = measure(few, few / 10 + 1).averageMicros();
            iterations = Math.max(CALIBRATION_MIN, (long) (millis * MICROS_PER_MILLI / Math.max(micros, 0.01)));
        }
        return row(transport, test, sizeBytes, measure(iterations, iterations / 10 + 1));
    }

    /** The figures of its output as a row; round trips whole, MB as bytes. */
    static Row row(String transport, UcxTest test, long sizeBytes, UcxOutput o) {
        double factor = test.roundTripFactor() * NANOS_PER_MICRO;
        Timings timings = test.isBandwidth()
                ? Timings.NONE
                : Timings.ofMedianAndMean(o.iterations(), o.medianMicros() * factor, o.averageMicros() * factor);
        // In a ping-pong it counts each direction as a message; our rate is one of round trips.
        double perSecond = o.messagesPerSecond() / Math.max(1, test.roundTripFactor());
        double bytes = test.isBandwidth() ? o.megabytesPerSecond() * MIB : perSecond * sizeBytes;
        return new Row(TOOL, transport, test.op().label(), sizeBytes, test.isBandwidth() ? Row.PIPELINED : Row.CLOSED,
                "spin",
                timings, perSecond, bytes, Timings.UNKNOWN, Map.of(), null);
    }

    private UcxOutput measure(long count, long warmUp) {
        Path serverOutput = Programs.temporary();
        Process server = null;
        try {
            int port = freePort();
            server = Programs.start(pinning.far(List.of(TOOL, "-p", String.valueOf(port))), environment, serverOutput);
            List<String> client = List.of(TOOL, "127.0.0.1", "-p", String.valueOf(port), "-t", test.test(), "-s",
                    String.valueOf(sizeBytes), "-n", String.valueOf(count), "-w", String.valueOf(warmUp), "-f", "-v");
            return UcxOutput.parse(runClient(pinning.near(client), server));
        } catch (IOException e) {
            throw new BenchException(ExitCodes.ENVIRONMENT, "cannot run ucx_perftest: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException(ExitCodes.UNEXPECTED, "interrupted while ucx_perftest ran", e);
        } finally {
            Programs.end(server);
            Programs.delete(serverOutput);
        }
    }

    /** Runs the client, again while the server does not listen yet. */
    private String runClient(List<String> client, Process server) throws InterruptedException {
        long deadline = System.nanoTime() + CONNECT_NS;
        while (true) {
            Programs.Result result = Programs.run(client, environment, RUN_SECONDS);
            if (result.exitCode() == 0) {
                return result.output();
            }
            boolean early = result.output().contains("refused") && System.nanoTime() < deadline;
            if (!early || server.waitFor(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new BenchException(ExitCodes.ENVIRONMENT,
                        "ucx_perftest failed with code " + result.exitCode() + ": " + result.output().strip());
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
