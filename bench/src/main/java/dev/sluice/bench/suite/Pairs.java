package dev.sluice.bench.suite;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.pair.Budget;
import dev.sluice.bench.pair.Ends;
import dev.sluice.bench.pair.Op;
import dev.sluice.bench.pair.WaitMode;
import dev.sluice.bench.process.Pinning;
import dev.sluice.bench.reference.NettyPing;
import dev.sluice.bench.reference.SpinReference;
import dev.sluice.bench.reference.Tool;
import dev.sluice.bench.reference.UcxPerftest;
import dev.sluice.bench.report.Row;
import dev.sluice.bench.report.Rows;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** The tcp transport against one tool, in as many pairs as wanted. */
public final class Pairs implements AutoCloseable {

    private static final String TRANSPORT = "tcp";
    private static final long WARM_UP_MILLIS = 1_000;
    private static final long AGAIN_MILLIS = 50;

    private final String tool;
    private final Op op;
    private final boolean throughput;
    private final WaitMode waitMode;
    private final long millis;
    private final Pinning pinning;
    private final Consumer<String> note;
    private final Results results = new Results();
    private final Tools tools;
    private final Ends ends;

    private Pairs(String tool, Op op, boolean throughput, WaitMode waitMode, long millis, Pinning pinning,
            Consumer<String> note) {
        this.tool = tool;
        this.op = op;
        this.throughput = throughput;
        this.waitMode = waitMode;
        this.millis = millis;
        this.pinning = pinning;
        this.note = note;
        tools = new Tools(line -> {
            // What is missing was said by requireHere() when it is the one asked for.
        }, pinning);
        try {
            ends = Ends.open(TRANSPORT, null, pinning);
        } catch (RuntimeException e) {
            tools.close();
            throw e;
        }
    }

    /**
     * Prepares both.
     *
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
    public static Pairs with(String tool, Op op, boolean throughput, WaitMode waitMode, long millis,
            Pinning pinning, Consumer<String> note) {
        WaitMode asTheTool = switch (tool) {
            case UcxPerftest.TOOL -> requireHere(UcxPerftest.unavailableBecause(), WaitMode.SPIN);
            case SpinReference.TOOL -> requireHere(SpinReference.unavailableBecause(), WaitMode.SPIN);
            case NettyPing.TOOL -> requireHere(NettyPing.unavailableBecause(), WaitMode.AWAIT);
            default -> throw new BenchException(ExitCodes.USAGE, "--tool is ucx_perftest, c, netty or transferTo, not " + tool);
        };
        return new Pairs(tool, op, throughput, waitMode == null ? asTheTool : waitMode, millis, pinning, note);
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
        ours(sizeBytes, WARM_UP_MILLIS, 1);
        Contest contest = new Contest(() -> ours(sizeBytes, AGAIN_MILLIS, millis), rivals, note);
        for (int i = 1; i <= pairs; i++) {
            progress.accept(i);
            contest.round();
        }
        contest.report(results);
    }

    private List<Tool> rivals(long sizeBytes) {
        List<Tool> all = throughput
                ? tools.streaming(TRANSPORT, op, sizeBytes, millis)
                : tool.equals(NettyPing.TOOL)
                        ? tools.sleeping(TRANSPORT, op, sizeBytes, millis)
                        : tools.spinning(TRANSPORT, op, sizeBytes, millis, note);
        return all.stream().filter(t -> t.name().equals(tool)).toList();
    }

    private Row ours(long sizeBytes, long warmUpMillis, long runMillis) {
        Budget warmUp = Budget.ofMillis(warmUpMillis);
        Budget measured = Budget.ofMillis(runMillis);
        return throughput
                ? Rows.of(TRANSPORT, op.label(), sizeBytes, Row.PIPELINED, waitMode.label(),
                        ends.session().throughput(op, sizeBytes, Plan.DEPTH, waitMode, warmUp, measured))
                        .with("depth", Plan.DEPTH)
                : Rows.of(TRANSPORT, op.label(), sizeBytes, Row.CLOSED, waitMode.label(),
                        ends.session().latency(op, sizeBytes, waitMode, warmUp, measured));
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
        try {
            ends.close();
        } finally {
            tools.close();
        }
    }
}
