package dev.sluice.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class TableReportTest {

    private static Row row(String tool, long size, double p50) {
        return new Row(tool, "tcp", "message", size, Row.CLOSED, "spin", Timings.ofMedianAndMean(5, p50, p50), 1000,
                64_000,
                0, Map.of(), null);
    }

    @Test
    void shouldAlignColumnsAndPutTheToolBesideOurRow() {
        Row small = row("sluice", 64, 15_300);
        Row large = row("sluice", 1 << 20, 456_000);
        Row theirs = row("ucx_perftest", 64, 15_000);
        Comparison c = new Comparison(small, theirs, "tag_lat", Comparison.Metric.ROUND_TRIP_P50,
                Ratio.of(new double[]{15_300}, new double[]{15_000}));

        List<String> lines = TableReport.of(List.of(small, theirs, large), List.of(c)).lines().toList();

        assertThat(lines).anySatisfy(l -> assertThat(l).contains("64 B", "15.3", "ucx_perftest tag_lat", "15.0",
                "1.02x (1.02-1.02)"));
        assertThat(lines).anySatisfy(l -> assertThat(l).contains("1 MiB", "456"));
        assertThat(lines.stream().filter(l -> l.contains("ucx_perftest"))).as("no line of its own").hasSize(1);
        assertThat(lines).allSatisfy(l -> assertThat(l).isEqualTo(l.stripTrailing()));
        assertThat(String.join(" ", lines)).isASCII();
        int end = lines.stream().filter(l -> l.contains("64 B")).findFirst().orElseThrow().indexOf("64 B") + 4;
        assertThat(lines.stream().filter(l -> l.contains("1 MiB")).findFirst().orElseThrow().substring(0, end))
                .endsWith("1 MiB");
    }

    @Test
    void shouldPutProcessorTimeBesideOursWhenAFileIsCompared() {
        Row ours = file("sluice", 0.231);
        Row theirs = file("transferTo", 0.25);
        Comparison c = new Comparison(ours, theirs, "loop", Comparison.Metric.SENDER_CPU,
                Ratio.of(new double[]{0.231}, new double[]{0.25}));

        String table = TableReport.of(List.of(ours, theirs), List.of(c));

        assertThat(table.lines().filter(l -> l.contains("CPU s/GiB"))).hasSize(1);
        assertThat(table.lines().filter(l -> l.contains("1 GiB"))).singleElement().asString().contains("0.231",
                "transferTo loop", "0.250", "0.92x (0.92-0.92)");
    }

    private static Row file(String tool, double cpuSeconds) {
        return new Row(tool, "tcp", "write-from-file", 1 << 30, Row.PIPELINED, "await", Timings.NONE, 1, 1 << 30, 0,
                Map.of(Rows.SENDER_CPU, cpuSeconds), null);
    }

    @Test
    void shouldShowADashWhenAFigureIsNotKnown() {
        assertThat(TableReport.of(List.of(row("sluice", 8, 1000)), List.of())).contains(" - ");
    }

    @Test
    void shouldWriteFiguresAsPeopleReadThem() {
        assertThat(Texts.size(64)).isEqualTo("64 B");
        assertThat(Texts.size(65_536)).isEqualTo("64 KiB");
        assertThat(Texts.size(1000)).isEqualTo("1000 B");
        assertThat(Texts.micros(7_654)).isEqualTo("7.65");
        assertThat(Texts.micros(15_308)).isEqualTo("15.3");
        assertThat(Texts.micros(1_234_567)).isEqualTo("1,235");
        assertThat(Texts.micros(Double.NaN)).isEqualTo("-");
    }
}
