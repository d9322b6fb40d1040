package dev.sluice.bench.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.report.Row;
import org.junit.jupiter.api.Test;

class UcxOutputTest {

    private static final String HEADER = "iterations,50.0_percentile_lat,avg_lat,overall_lat,avg_bw,overall_bw,avg_mr,"
            + "overall_mr\n";

    /** Printed by UCX 1.13.1: ucx_perftest -t tag_lat -s 64 -n 20000 -f -v. */
    private static final String TAG_LAT = HEADER + " 20000,7.654,8.347,8.347,7.31,7.31,119802,119802\n";

    /** Printed by UCX 1.13.1: ucx_perftest -t ucp_get -s 64 -n 2000 -f -v. */
    private static final String GET = HEADER + " 2000,11.418,12.865,12.865,4.74,4.74,77730,77730\n";

    /** Printed by UCX 1.13.1: ucx_perftest -t tag_bw -s 1048576 -n 500 -f -v. */
    private static final String TAG_BW = HEADER + " 500,5.909,182.964,182.964,5465.56,5465.56,5466,5466\n";

    @Test
    void shouldReadEveryFigureWhenOutputIsAsPrinted() {
        assertThat(UcxOutput.parse(TAG_BW)).isEqualTo(new UcxOutput(500, 5.909, 182.964, 5465.56, 5466));
    }

    @Test
    void shouldTakeTheLastLineWhenReportsPrecedeIt() {
        String reports = HEADER + " 2361,11.418,423.865,423.865,0.14,0.14,2359,2359\n"
                + " 20000,1104.657,1130.611,1087.078,0.05,0.06,884,920\n";

        assertThat(UcxOutput.parse(reports).averageMicros()).isEqualTo(1087.078);
    }

    @Test
    void shouldDoubleTheLatencyWhenTheTestIsAPingPong() {
        Row row = UcxPerftest.row("tcp", UcxTest.TAG_LAT, 64, UcxOutput.parse(TAG_LAT));

        assertThat(row.roundTrip().p50()).isCloseTo(2 * 7654, within(0.001));
        assertThat(row.halfRoundTripNanosP50()).isCloseTo(7654, within(0.001));
        assertThat(row.roundTrip().mean()).isCloseTo(2 * 8347, within(0.001));
        assertThat(row.roundTrip().p99()).isNaN();
        assertThat(row.operationsPerSecond()).as("round trips, not messages").isEqualTo(119802 / 2.0);
        assertThat(row.loop()).isEqualTo("closed");
        assertThat(row.tool()).isEqualTo("ucx_perftest");
    }

    @Test
    void shouldKeepTheLatencyWhenTheTestPrintsWholeRoundTrips() {
        Row row = UcxPerftest.row("tcp", UcxTest.GET, 64, UcxOutput.parse(GET));

        assertThat(row.roundTrip().p50()).isCloseTo(11418, within(0.001));
        assertThat(row.operationsPerSecond()).isEqualTo(77730);
    }

    @Test
    void shouldCountMegabytesAsPowersOfTwoWhenTheTestIsABandwidth() {
        Row row = UcxPerftest.row("tcp", UcxTest.TAG_BW, 1 << 20, UcxOutput.parse(TAG_BW));

        assertThat(row.bytesPerSecond()).isCloseTo(5465.56 * (1 << 20), within(1.0));
        assertThat(row.roundTrip().count()).isZero();
        assertThat(row.loop()).isEqualTo("pipelined");
    }

    @Test
    void shouldNameTheOutputWhenItIsNotKnown() {
        assertThatThrownBy(() -> UcxOutput.parse("transport tcp is not available\n")).isInstanceOf(BenchException.class)
                .hasMessageContaining("transport tcp is not available");
    }

    @Test
    void shouldRefuseWhenTheHeaderHasOtherColumns() {
        assertThatThrownBy(() -> UcxOutput.parse("iterations,avg_lat\n 5,1\n")).isInstanceOf(BenchException.class);
    }

    @Test
    void shouldRefuseWhenValuesAreMissing() {
        assertThatThrownBy(() -> UcxOutput.parse(HEADER)).isInstanceOf(BenchException.class);
        assertThatThrownBy(() -> UcxOutput.parse(HEADER + " 500,5.909\n")).isInstanceOf(BenchException.class);
        assertThatThrownBy(() -> UcxOutput.parse(HEADER + " a,b,c,d,e,f,g,h\n")).isInstanceOf(BenchException.class);
    }
}
