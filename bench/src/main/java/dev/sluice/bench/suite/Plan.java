package dev.sluice.bench.suite;

import dev.sluice.Capabilities;
import dev.sluice.Operation;
import dev.sluice.bench.pair.Op;
import dev.sluice.bench.pair.WaitMode;

import java.util.ArrayList;
import java.util.List;

/**
 * What the main job measures with one transport, most telling first: what comes late is what a slow machine leaves out. The
 * steps with more rounds are those that are compared first.
 */
final class Plan {

    /** The file of the file step. */
    static final long FILE_BYTES = 256L << 20;
    /** Operations outstanding in throughput steps, as many as the tools keep. */
    static final int DEPTH = 32;

    private static final long TYPICAL = 64;
    private static final long LARGE = 1 << 20;
    private static final long[] SIZES = {8, TYPICAL, 1 << 10, 8 << 10, 64 << 10, LARGE};
    private static final long[] STREAM_SIZES = {64 << 10, LARGE};
    private static final int HEADLINE_ROUNDS = 7;
    private static final int ROUNDS = 3;

    /** One for each end; Aeron's driver has a thread of its own at each. */
    private static final int CORES = 2;
    private static final int AERON_CORES = 4;

    private Plan() {}

    /** How both ends wait for the shortest times: where threads outnumber the cores, spinning would measure the scheduler. */
    static WaitMode busy(String scheme, int cores) {
        return cores >= (scheme.equals("aeron") ? AERON_CORES : CORES) ? WaitMode.SPIN : WaitMode.YIELD;
    }

    /**
     * The steps.
     *
     * @param can what the transport offers
     * @param busy how to wait where a core for each end is worth it
     * @return the steps, in order
     */
    static List<Step> of(Capabilities can, WaitMode busy) {
        List<Step> steps = new ArrayList<>();
        closed(steps, Op.MESSAGE, busy);
        steps.add(new Step(Step.Kind.CLOSED, Op.MESSAGE, TYPICAL, WaitMode.AWAIT, HEADLINE_ROUNDS));
        steps.add(new Step(Step.Kind.FILE, Op.WRITE_FROM_FILE, FILE_BYTES, WaitMode.AWAIT, 1));
        pipelined(steps, Op.WRITE, busy);
        pipelined(steps, Op.MESSAGE, busy);
        closed(steps, Op.WRITE, busy);
        closed(steps, Op.READ, busy);
        steps.add(new Step(Step.Kind.CLOSED, Op.WRITE_IMM, TYPICAL, busy, ROUNDS));
        pipelined(steps, Op.READ, busy);
        return steps.stream().filter(s -> isOffered(s.op(), can)).toList();
    }

    private static void closed(List<Step> steps, Op op, WaitMode busy) {
        for (long size : SIZES) {
            boolean headline = op == Op.MESSAGE && size == TYPICAL;
            steps.add(new Step(Step.Kind.CLOSED, op, size, busy, headline ? HEADLINE_ROUNDS : ROUNDS));
        }
    }

    private static void pipelined(List<Step> steps, Op op, WaitMode busy) {
        for (long size : STREAM_SIZES) {
            boolean headline = op == Op.WRITE && size == LARGE;
            steps.add(new Step(Step.Kind.PIPELINED, op, size, busy, headline ? HEADLINE_ROUNDS : ROUNDS));
        }
    }

    private static boolean isOffered(Op op, Capabilities can) {
        return switch (op) {
            case WRITE -> can.supports(Operation.WRITE);
            case WRITE_IMM -> can.supports(Operation.WRITE_WITH_IMMEDIATE);
            case READ -> can.supports(Operation.READ);
            case WRITE_FROM_FILE -> can.supports(Operation.WRITE_FROM_FILE);
            default -> true;
        };
    }
}
