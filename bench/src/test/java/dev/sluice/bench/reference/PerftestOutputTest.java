package dev.sluice.bench.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.report.Row;
import org.junit.jupiter.api.Test;

class PerftestOutputTest {

    private static final String LINE = "-".repeat(87) + "\n";

    private static final String LATENCY_HEADER = " #bytes #iterations    t_min[usec]    t_max[usec]  t_typical[usec]"
            + "    t_avg[usec]    t_stdev[usec]   99% percentile[usec]   99.9% percentile[usec] \n";

    /** Printed by perftest 4.5, ib_send_lat -s 64 -n 1000 over soft-RoCE. */
    private static final String SEND_LAT = "                    Send Latency Test\n Mtu             : 4096[B]\n" + LINE
            + LATENCY_HEADER
            + " 64      1000          508.11         44328.98      2170.87  \t       2854.22     \t2554.78\t\t12226.43 \t\t44328.98\n"
            + LINE;

    /** The layout of perftest 4.5, ib_write_bw. */
    private static final String WRITE_BW = LINE
            + " #bytes     #iterations    BW peak[MB/sec]    BW average[MB/sec]   MsgRate[Mpps]\n"
            + " 65536      1000             52.31              50.25\t\t     0.000804\n" + LINE;

    @Test
    void shouldDoubleTheTimesWhenTheProgramPrintsHalfRoundTrips() {
        Row row = Perftest.row(PerftestTest.SEND_LAT, 64, SEND_LAT);

        assertThat(row.tool()).isEqualTo("ib_send_lat");
        assertThat(row.op()).isEqualTo("message");
        assertThat(row.roundTrip().count()).isEqualTo(1000);
        assertThat(row.roundTrip().p50()).isCloseTo(2 * 2_170_870, within(0.5));
        assertThat(row.halfRoundTripNanosP50()).isCloseTo(2_170_870, within(0.5));
        assertThat(row.roundTrip().min()).isCloseTo(2 * 508_110, within(0.5));
        assertThat(row.roundTrip().p99()).isCloseTo(2 * 12_226_430, within(0.5));
        assertThat(row.roundTrip().p90()).isNaN();
    }

    @Test
    void shouldKeepTheTimesWhenTheProgramPrintsWholeRoundTrips() {
        assertThat(Perftest.row(PerftestTest.READ_LAT, 64, SEND_LAT).roundTrip().p50()).isCloseTo(2_170_870,
                within(0.5));
    }

    @Test
    void shouldCountMegabytesAsPowersOfTwoWhenTheTestIsABandwidth() {
        Row row = Perftest.row(PerftestTest.WRITE_BW, 65_536, WRITE_BW);

        assertThat(row.bytesPerSecond()).isCloseTo(50.25 * (1 << 20), within(1.0));
        assertThat(row.operationsPerSecond()).isCloseTo(804, within(0.001));
        assertThat(row.loop()).isEqualTo(Row.PIPELINED);
    }

    @Test
    void shouldReadTheOtherFiguresWhenTheDeviationIsNotANumber() {
        String slow = SEND_LAT.replace("2554.78", "-nan");

        assertThat(Perftest.row(PerftestTest.READ_LAT, 64, slow).roundTrip().p50()).isCloseTo(2_170_870, within(0.5));
    }

    @Test
    void shouldNameTheOutputWhenItIsNotKnown() {
        assertThatThrownBy(() -> Perftest.row(PerftestTest.SEND_LAT, 64, "Couldn't connect to 10.77.0.1:18515\n"))
                .isInstanceOf(BenchException.class).hasMessageContaining("Couldn't connect");
        assertThatThrownBy(() -> Perftest.row(PerftestTest.SEND_LAT, 64, WRITE_BW)).isInstanceOf(BenchException.class);
        assertThatThrownBy(() -> Perftest.row(PerftestTest.SEND_LAT, 64, LATENCY_HEADER))
                .isInstanceOf(BenchException.class);
    }
}
