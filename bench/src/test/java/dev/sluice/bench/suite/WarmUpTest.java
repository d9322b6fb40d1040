package dev.sluice.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bench.report.Row;
import dev.sluice.bench.report.Timings;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

final class WarmUpTest {

    @Test
    void shouldStopWhenTwoRunsAgree() {
        assertThat(runsUntilSettled(900, 500, 320, 310, 100)).isEqualTo(4);
    }

    @Test
    void shouldGiveUpWhenRunsNeverAgree() {
        double[] jumping = new double[20];
        for (int i = 0; i < jumping.length; i++) {
            jumping[i] = i % 2 == 0 ? 100 : 200;
        }
        assertThat(runsUntilSettled(jumping)).isEqualTo(-12);
    }

    @Test
    void shouldWarmUpLongestAtFirst() {
        assertThat(warmUpsOfASteadyRun(false)).containsExactly(1000L, 50L);
        assertThat(warmUpsOfASteadyRun(true)).containsExactly(20_000L, 1000L);
    }

    private static List<Long> warmUpsOfASteadyRun(boolean emulated) {
        List<Long> warmUps = new ArrayList<>();
        WarmUp.run(millis -> {
            warmUps.add(millis);
            return row(100);
        }, row -> row.roundTrip().p50(), emulated);
        return warmUps;
    }

    /** How many runs it took; negative when they did not settle. */
    private static int runsUntilSettled(double... p50) {
        int[] runs = new int[1];
        boolean settled = WarmUp.run(millis -> row(p50[runs[0]++]), row -> row.roundTrip().p50(), false);
        return settled ? runs[0] : -runs[0];
    }

    private static Row row(double p50) {
        Timings timings = new Timings(1, p50, p50, p50, p50, p50, p50, p50);
        return new Row("sluice", "tcp", "message", 64, Row.CLOSED, "spin", timings, 1, 64, 0, Map.of(), null);
    }
}
