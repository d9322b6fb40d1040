package dev.sluice.bench.suite;

import dev.sluice.bench.report.Row;

import java.util.function.LongFunction;
import java.util.function.ToDoubleFunction;

/** Runs ours until two runs in succession agree, so that the JVM's compilers are done. */
final class WarmUp {

    private static final long FIRST_MILLIS = 1_000;
    private static final long FIRST_MILLIS_EMULATED = 20_000;
    private static final long AGAIN_MILLIS = 50;
    private static final long AGAIN_MILLIS_EMULATED = 1_000;
    private static final int MOST_RUNS = 12;
    private static final double AGREEMENT = 0.05;

    private WarmUp() {}

    /**
     * Warms up.
     *
     * @param run measures after so many milliseconds of warm-up on its own connection
     * @param figure what must have settled
     * @param emulated whether the processor is: what its slow compilers have begun looks settled before they are done
     * @return whether it has
     */
    static boolean run(LongFunction<Row> run, ToDoubleFunction<Row> figure, boolean emulated) {
        double last = figure.applyAsDouble(run.apply(emulated ? FIRST_MILLIS_EMULATED : FIRST_MILLIS));
        for (int i = 1; i < MOST_RUNS; i++) {
            double next = figure.applyAsDouble(run.apply(againMillis(emulated)));
            if (Math.abs(next - last) <= AGREEMENT * last) {
                return true;
            }
            last = next;
        }
        return false;
    }

    /**
     * How long each further run warms up on its connection. Making one gives the compilers of both ends something to do, and on
     * an emulated processor they would take it from what is measured.
     *
     * @param emulated whether the processor is
     * @return milliseconds
     */
    static long againMillis(boolean emulated) {
        return emulated ? AGAIN_MILLIS_EMULATED : AGAIN_MILLIS;
    }
}
