package dev.sluice.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.bench.pair.FileMeasurement;
import dev.sluice.bench.pair.Measurement;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class RowsTest {

    private static Measurement thousand() {
        Histogram h = Measurement.newHistogram();
        for (int i = 1; i <= 1000; i++) {
            h.recordValue(i * 100L);
        }
        return new Measurement(h, 1000, 2_000_000, 3000);
    }

    @Test
    void shouldTurnAHistogramIntoFigures() {
        Row row = Rows.of("tcp", "message", 64, Row.CLOSED, "spin", thousand());

        assertThat(row.tool()).isEqualTo("sluice");
        assertThat(row.roundTrip().count()).isEqualTo(1000);
        assertThat(row.roundTrip().min()).isCloseTo(100, within(1.0));
        assertThat(row.roundTrip().p50()).isCloseTo(50_000, within(50.0));
        assertThat(row.roundTrip().p90()).isCloseTo(90_000, within(90.0));
        assertThat(row.roundTrip().p99()).isCloseTo(99_000, within(99.0));
        assertThat(row.roundTrip().p999()).isCloseTo(99_900, within(100.0));
        assertThat(row.roundTrip().max()).isCloseTo(100_000, within(100.0));
        assertThat(row.halfRoundTripNanosP50()).isEqualTo(row.roundTrip().p50() / 2);
        assertThat(row.operationsPerSecond()).isCloseTo(500_000, within(0.001));
        assertThat(row.bytesPerSecond()).isCloseTo(32_000_000, within(0.01));
        assertThat(row.allocatedBytesPerOperation()).isEqualTo(3);
    }

    @Test
    void shouldAddHistogramsWhenRunsAreMerged() {
        Row row = Rows.of("tcp", "message", 64, Row.CLOSED, "spin", thousand());

        Row merged = Rows.merge(List.of(row, row, row));

        assertThat(merged.roundTrip().count()).isEqualTo(3000);
        assertThat(merged.roundTrip().p50()).isEqualTo(row.roundTrip().p50());
        assertThat(merged.operationsPerSecond()).isEqualTo(row.operationsPerSecond());
        assertThat(row.roundTrip().count()).as("the runs are left alone").isEqualTo(1000);
    }

    @Test
    void shouldTakeMediansWhenAToolKeepsNoHistogram() {
        List<Row> runs = List.of(of(10), of(30), of(20));

        Row merged = Rows.merge(runs);

        assertThat(merged.roundTrip().p50()).isEqualTo(20);
        assertThat(merged.roundTrip().p99()).isNaN();
        assertThat(merged.roundTrip().count()).isEqualTo(15);
        assertThat(merged.bytesPerSecond()).isEqualTo(20);
    }

    private static Row of(double figure) {
        return new Row("ucx_perftest", "tcp", "message", 64, Row.CLOSED, "spin",
                Timings.ofMedianAndMean(5, figure, figure), figure, figure, Timings.UNKNOWN, Map.of(), null);
    }

    @Test
    void shouldSpreadProcessorTimeOverAllTransfersOfAFile() {
        Histogram h = Measurement.newHistogram();
        h.recordValue(1_000_000_000);
        h.recordValue(1_000_000_000);

        Row row = Rows.ofFile("tcp", "write-from-file", "await",
                new FileMeasurement(new Measurement(h, 2, 2_000_000_000, 5_800), 1L << 29, 300_000_000));

        assertThat(row.extras()).containsEntry("senderCpuSecondsPerGiB", 0.3);
        assertThat(row.bytesPerSecond()).isCloseTo(1L << 29, within(1.0));
        assertThat(row.allocatedBytesPerOperation()).as("of code that is not compiled yet").isNaN();
    }
}
