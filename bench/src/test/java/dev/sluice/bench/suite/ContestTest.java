package dev.sluice.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.reference.Tool;
import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.Row;
import dev.sluice.bench.report.Timings;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class ContestTest {

    private final List<String> order = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Results results = new Results();

    private Row row(String tool, double p50) {
        order.add(tool);
        return new Row(tool, "tcp", "message", 64, Row.CLOSED, "spin", Timings.ofMedianAndMean(1, p50, p50), 1, 1,
                Timings.UNKNOWN, Map.of(), null);
    }

    private final class Fake implements Tool {

        private final int lastGoodRun;
        private int runs;

        Fake(int lastGoodRun) {
            this.lastGoodRun = lastGoodRun;
        }

        @Override
        public String name() {
            return "fake";
        }

        @Override
        public String test() {
            return "lat";
        }

        @Override
        public Comparison.Metric metric() {
            return Comparison.Metric.ROUND_TRIP_P50;
        }

        @Override
        public Row run() {
            if (++runs > lastGoodRun) {
                throw new BenchException(ExitCodes.ENVIRONMENT, "fake failed");
            }
            return row("fake", 20);
        }
    }

    @Test
    void shouldTurnTheOrderRoundFromRoundToRound() {
        Contest contest = new Contest(() -> row("sluice", 10), List.of(new Fake(9)), notes::add);
        contest.round();
        contest.round();
        contest.round();
        contest.report(results);

        assertThat(order).containsExactly("sluice", "fake", "fake", "sluice", "sluice", "fake");
        assertThat(results.rows()).extracting(Row::tool).containsExactly("sluice", "fake");
        assertThat(results.comparisons()).singleElement().satisfies(c -> {
            assertThat(c.ratio().median()).isEqualTo(0.5);
            assertThat(c.ratio().pairs()).isEqualTo(3);
            assertThat(c.ours()).isSameAs(results.rows().getFirst());
        });
    }

    @Test
    void shouldKeepFullPairsAndSayWhyWhenAToolDropsOut() {
        Contest contest = new Contest(() -> row("sluice", 10), List.of(new Fake(2)), notes::add);
        for (int i = 0; i < 4; i++) {
            contest.round();
        }
        contest.report(results);

        assertThat(notes).containsExactly("fake failed");
        assertThat(results.comparisons()).singleElement().satisfies(c -> assertThat(c.ratio().pairs()).isEqualTo(2));
        assertThat(results.rows().getFirst().roundTrip().count()).isEqualTo(4);
    }

    @Test
    void shouldReportOursAloneWhenAToolNeverRan() {
        Contest contest = new Contest(() -> row("sluice", 10), List.of(new Fake(0)), notes::add);
        contest.round();
        contest.report(results);

        assertThat(results.rows()).extracting(Row::tool).containsExactly("sluice");
        assertThat(results.comparisons()).isEmpty();
    }
}
