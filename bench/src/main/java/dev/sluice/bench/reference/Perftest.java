package dev.sluice.bench.reference;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.process.Programs;
import dev.sluice.bench.process.WriteCalls;
import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.Row;
import dev.sluice.bench.report.Rows;
import dev.sluice.bench.report.Timings;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A program of perftest between this host and one where a {@link ToolServer} runs, over the first RDMA device of each. Both
 * ends spin. It takes a number of iterations, not a time, so the first run is a short one that tells how many fit.
 */
public final class Perftest implements Tool {

    private static final int CONNECT_MILLIS = 5_000;
    private static final int READY_MILLIS = 30_000;
    private static final long RUN_SECONDS = 60;
    private static final long CALIBRATION = 200;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;

    private final PerftestTest test;
    private final long sizeBytes;
    private final long millis;
    private final InetSocketAddress tools;
    private long iterations;
    private long callsOfCalibration;

    /**
     * A test.
     *
     * @param test which
     * @param sizeBytes the length of a message, write or read
     * @param millis how long a run should take, without start-up
     * @param tools where the peer's {@link ToolServer} listens
     */
    public Perftest(PerftestTest test, long sizeBytes, long millis, InetSocketAddress tools) {
        this.test = test;
        this.sizeBytes = sizeBytes;
        this.millis = millis;
        this.tools = tools;
    }

    /**
     * Whether the program is there.
     *
     * @param test which
     * @return empty when it is, else why it is not measured
     */
    public static String unavailableBecause(PerftestTest test) {
        return Programs.onPath(test.program()).isPresent()
                ? ""
                : test.program() + " is not on the PATH (Debian package perftest), so it is not compared with";
    }

    @Override
    public String name() {
        return test.program();
    }

    @Override
    public String test() {
        return "";
    }

    @Override
    public Comparison.Metric metric() {
        return test.isBandwidth() ? Comparison.Metric.BYTES_PER_SECOND : Comparison.Metric.ROUND_TRIP_P50;
    }

    @Override
    public Row run() {
        if (iterations == 0) {
            long before = WriteCalls.ofThisProcess();
            Row few = measure(CALIBRATION);
            callsOfCalibration = WriteCalls.ofThisProcess() - before;
            double fit = test.isBandwidth()
                    ? millis / MILLIS_PER_SECOND * few.operationsPerSecond()
                    : millis * NANOS_PER_MILLI / few.roundTrip().mean();
            iterations = Math.max(2 * CALIBRATION, (long) fit);
        }
        long before = WriteCalls.ofThisProcess();
        Row row = measure(iterations);
        long calls = WriteCalls.ofThisProcess() - before;
        // What the program calls to begin and to end is in both runs.
        return before == WriteCalls.UNKNOWN
                ? row
                : row.with(Rows.WRITE_CALLS, (double) (calls - callsOfCalibration) / (iterations - CALIBRATION));
    }

    /** The command of either half; the client adds the server's host. */
    static List<String> command(PerftestTest test, long sizeBytes, long count, int port) {
        return List.of(test.program(), "-F", "-s", String.valueOf(sizeBytes), "-n", String.valueOf(count), "-p",
                String.valueOf(port));
    }

    /** The figures of its output as a row; round trips whole, MB as bytes. */
    static Row row(PerftestTest test, long sizeBytes, String output) {
        if (test.isBandwidth()) {
            PerftestOutput.Bandwidth b = PerftestOutput.bandwidth(output);
            return row(test, sizeBytes, Row.PIPELINED, Timings.NONE, b.operationsPerSecond(), b.bytesPerSecond());
        }
        Timings timings = PerftestOutput.latency(output, test.roundTripFactor());
        double perSecond = NANOS_PER_SECOND / timings.mean();
        return row(test, sizeBytes, Row.CLOSED, timings, perSecond, perSecond * sizeBytes);
    }

    private static Row row(PerftestTest test, long sizeBytes, String loop, Timings timings, double perSecond,
            double bytesPerSecond) {
        return new Row(test.program(), "rdma", test.op().label(), sizeBytes, loop, "spin", timings, perSecond,
                bytesPerSecond, Timings.UNKNOWN, Map.of(), null);
    }

    private Row measure(long count) {
        try (Socket far = new Socket()) {
            far.connect(tools, CONNECT_MILLIS);
            far.setSoTimeout(READY_MILLIS);
            String line = test.program() + ' ' + sizeBytes + ' ' + count + '\n';
            far.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
            return row(test, sizeBytes, runClient(count, portOf(far)));
        } catch (IOException e) {
            throw new BenchException(ExitCodes.ENVIRONMENT,
                    "no tools at " + tools + " ('sluice peer --tools PORT' there): " + e.getMessage(), e);
        }
    }

    private int portOf(Socket far) throws IOException {
        String answer = new BufferedReader(new InputStreamReader(far.getInputStream(), StandardCharsets.UTF_8))
                .readLine();
        if (answer == null || !answer.startsWith("ready ")) {
            throw new BenchException(ExitCodes.ENVIRONMENT, test.program() + " on the peer's host: " + answer);
        }
        return Integer.parseInt(answer.substring("ready ".length()));
    }

    private String runClient(long count, int port) {
        List<String> client = new ArrayList<>(command(test, sizeBytes, count, port));
        client.add(tools.getAddress().getHostAddress());
        Programs.Result result = Programs.run(client, Map.of(), RUN_SECONDS);
        if (result.exitCode() != 0) {
            throw new BenchException(ExitCodes.ENVIRONMENT,
                    test.program() + " failed with code " + result.exitCode() + ": " + result.output().strip());
        }
        return result.output();
    }
}
