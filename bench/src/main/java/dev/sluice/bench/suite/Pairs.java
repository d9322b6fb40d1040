package dev.sluice.bench.suite;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.pair.Budget;
import dev.sluice.bench.pair.Ends;
import dev.sluice.bench.pair.Measurement;
import dev.sluice.bench.pair.Op;
import dev.sluice.bench.pair.WaitMode;
import dev.sluice.bench.process.Pinning;
import dev.sluice.bench.process.WriteCalls;
import dev.sluice.bench.reference.AeronPing;
import dev.sluice.bench.reference.AeronTool;
import dev.sluice.bench.reference.NettyPing;
import dev.sluice.bench.reference.Perftest;
import dev.sluice.bench.reference.PerftestTest;
import dev.sluice.bench.reference.SpinReference;
import dev.sluice.bench.reference.Tool;
import dev.sluice.bench.reference.UcxPerftest;
import dev.sluice.bench.report.Environment;
import dev.sluice.bench.report.Row;
import dev.sluice.bench.report.Rows;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** A transport against one tool, in as many pairs as wanted: tcp on this machine, or any with perftest and a peer. */
public final class Pairs implements AutoCloseable {

    private final String transport;
    private final String tool;
    private final Op op;
    private final boolean throughput;
    private final WaitMode waitMode;
    private final long millis;
    private final Pinning pinning;
    private final Consumer<String> note;
    private final Results results = new Results();
    private final InetSocketAddress remoteTools;
    private final Tools tools;
    private final Ends ends;
    private final AeronPing aeron;

    private Pairs(String transport, URI peer, InetSocketAddress remoteTools, String tool, Op op, boolean throughput,
            WaitMode waitMode, long millis, Pinning pinning, Consumer<String> note) {
        this.transport = transport;
        this.tool = tool;
        this.op = op;
        this.throughput = throughput;
        this.waitMode = waitMode;
        this.millis = millis;
        this.pinning = pinning;
        this.note = note;
        this.remoteTools = remoteTools;
        // What is missing was said by requireHere() when it is the one asked for.
        tools = remoteTools == null ? new Tools(line -> {}, pinning) : Tools.none();
        try {
            ends = Ends.open(transport, peer, pinning);
        } catch (RuntimeException e) {
            tools.close();
            throw e;
        }
        aeron = isAeron(tool) ? startAeron() : null;
    }

    private static boolean isAeron(String tool) {
        return tool.equals(AeronPing.UDP_TOOL) || tool.equals(AeronPing.IPC_TOOL);
    }

    private AeronPing startAeron() {
        try {
            // Its driver's thread inherits the processor, as that of ours does, which starts with the first connection.
            pinning.pinThisThread();
            return AeronPing.start(tool, waitMode != WaitMode.SPIN, pinning);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Prepares both.
     *
     * @param transport the scheme of ours, tcp or shm
     * @param tool the tool's name in results
     * @param op which operation
     * @param throughput whether to compare throughput, not round trips
     * @param waitMode how ours waits; null waits as the tool does
     * @param millis how long each run takes
     * @param pinning where both ends of both run; the thread that runs pairs stays there
     * @param note gets a line when the tool fails
     * @return the contest
     * @throws BenchException when there is no such tool here, or it has nothing like the operation
     */
    public static Pairs with(String transport, String tool, Op op, boolean throughput, WaitMode waitMode, long millis,
            Pinning pinning, Consumer<String> note) {
        WaitMode asTheTool = switch (tool) {
            case UcxPerftest.TOOL -> requireHere(UcxPerftest.unavailableBecause(), WaitMode.SPIN);
            case SpinReference.TOOL -> requireHere(SpinReference.unavailableBecause(), WaitMode.SPIN);
            case NettyPing.TOOL -> requireHere(NettyPing.unavailableBecause(), WaitMode.AWAIT);
            case AeronPing.UDP_TOOL -> WaitMode.YIELD;
            case AeronPing.IPC_TOOL -> WaitMode.SPIN;
            default -> throw new BenchException(ExitCodes.USAGE,
                    "--tool is ucx_perftest, c, netty, aeron, aeron-ipc, transferTo or a program of perftest such as ib_send_lat, not "
                            + tool);
        };
        return new Pairs(transport, null, null, tool, op, throughput, waitMode == null ? asTheTool : waitMode, millis,
                pinning,
                note);
    }

    /**
     * Prepares ours and a program of perftest, between this host and the peer's. The program says which operation.
     *
     * @param test the program
     * @param peer the peer of ours
     * @param remoteTools where the peer's host starts perftest's server
     * @param waitMode how ours waits; null spins as perftest does
     * @param millis how long each run takes
     * @param note gets a line when the program fails
     * @return the contest
     * @throws BenchException when the program is not here, or the peer does not answer
     */
    public static Pairs withPerftest(PerftestTest test, URI peer, InetSocketAddress remoteTools, WaitMode waitMode,
            long millis, Consumer<String> note) {
        WaitMode asTheTool = requireHere(Perftest.unavailableBecause(test), WaitMode.SPIN);
        return new Pairs(peer.getScheme(), peer, remoteTools, test.program(), test.op(), test.isBandwidth(),
                waitMode == null ? asTheTool : waitMode, millis, Pinning.NONE, note);
    }

    private static WaitMode requireHere(String unavailableBecause, WaitMode waitMode) {
        if (!unavailableBecause.isEmpty()) {
            throw new BenchException(ExitCodes.ENVIRONMENT, unavailableBecause);
        }
        return waitMode;
    }

    /**
     * Runs the pairs of one size, after a verification and a warm-up.
     *
     * @param sizeBytes the length of an operation
     * @param pairs how many
     * @param progress gets the number of each pair before it is run
     */
    public void run(long sizeBytes, int pairs, IntConsumer progress) {
        List<Tool> rivals = rivals(sizeBytes);
        if (rivals.isEmpty()) {
            throw new BenchException(ExitCodes.USAGE, tool + " has nothing to compare with " + op.label()
                    + (throughput ? " throughput" : " round trips"));
        }
        pinning.pinThisThread();
        ends.session().verify(op, sizeBytes, waitMode);
        boolean emulated = Environment.ofThisMachine().isEmulated();
        if (!WarmUp.run(warmUpMillis -> ours(sizeBytes, warmUpMillis, millis), rivals.getFirst().metric()::of,
                emulated)) {
            note.accept("ours with " + sizeBytes + " bytes did not settle in its warm-up; its figures may be too bad");
        }
        Contest contest = new Contest(() -> ours(sizeBytes, WarmUp.againMillis(emulated), millis), rivals, note);
        for (int i = 1; i <= pairs; i++) {
            progress.accept(i);
            contest.round();
        }
        contest.report(results);
    }

    private List<Tool> rivals(long sizeBytes) {
        if (remoteTools != null) {
            return PerftestTest.of(tool).map(t -> List.<Tool>of(new Perftest(t, sizeBytes, millis, remoteTools)))
                    .orElseThrow();
        }
        if (aeron != null) {
            return throughput || op != Op.MESSAGE
                    ? List.of()
                    : List.of(new AeronTool(aeron, Math.toIntExact(sizeBytes), millis, waitMode.label()));
        }
        List<Tool> all = throughput
                ? tools.streaming(transport, op, sizeBytes, millis)
                : tool.equals(NettyPing.TOOL)
                        ? tools.sleeping(transport, op, sizeBytes, millis)
                        : tools.spinning(transport, op, sizeBytes, millis, note);
        return all.stream().filter(t -> t.name().equals(tool)).toList();
    }

    private Row ours(long sizeBytes, long warmUpMillis, long runMillis) {
        Budget warmUp = Budget.ofMillis(warmUpMillis);
        Budget measured = Budget.ofMillis(runMillis);
        Measurement measurement = throughput
                ? ends.session().throughput(op, sizeBytes, Plan.DEPTH, waitMode, warmUp, measured)
                : ends.session().latency(op, sizeBytes, waitMode, warmUp, measured);
        Row row = Rows.of(transport, op.label(), sizeBytes, throughput ? Row.PIPELINED : Row.CLOSED, waitMode.label(),
                measurement);
        row = throughput ? row.with("depth", Plan.DEPTH) : row;
        return remoteTools == null || measurement.writeCalls() == WriteCalls.UNKNOWN
                ? row
                : row.with(Rows.WRITE_CALLS, (double) measurement.writeCalls() / measurement.operations());
    }

    /**
     * What was measured.
     *
     * @return the figures so far
     */
    public Results results() {
        return results;
    }

    @Override
    public void close() {
        try (tools) {
            ends.close();
        } finally {
            if (aeron != null) {
                aeron.close();
            }
        }
    }
}
