package dev.sluice.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.sluice.bench.pair.Measurement;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class JsonReportTest {

    private static final Map<String, Object> ROUND_TRIP_OF_A_TOOL = new LinkedHashMap<>();

    static {
        ROUND_TRIP_OF_A_TOOL.put("count", 7L);
        ROUND_TRIP_OF_A_TOOL.put("min", null);
        ROUND_TRIP_OF_A_TOOL.put("p50", 15308L);
        ROUND_TRIP_OF_A_TOOL.put("p90", null);
        ROUND_TRIP_OF_A_TOOL.put("p99", null);
        ROUND_TRIP_OF_A_TOOL.put("p999", null);
        ROUND_TRIP_OF_A_TOOL.put("max", null);
        ROUND_TRIP_OF_A_TOOL.put("mean", 16000.25);
    }

    @Test
    void shouldHaveTheAgreedShape() throws IOException {
        Histogram h = Measurement.newHistogram();
        h.recordValue(1000);
        Row ours = Rows.of("tcp", "message", 64, Row.CLOSED, "spin", new Measurement(h, 1, 1000, 0));
        Row theirs = tool();
        Ratio ratio = Ratio.of(new double[]{1}, new double[]{2});
        Environment environment = Environment.ofThisMachine();
        StringWriter out = new StringWriter();

        JsonReport.write(out, environment, List.of(ours, theirs),
                List.of(new Comparison(ours, theirs, "tag_lat", Comparison.Metric.ROUND_TRIP_P50, ratio)));

        Map<?, ?> root = (Map<?, ?>) parse(out.toString());
        assertThat(root.keySet().toArray()).containsExactly("environment", "results", "comparisons");
        assertThat(((Map<?, ?>) root.get("environment")).keySet().toArray()).contains("cpu", "cores", "kernel", "jvm",
                "jvmFlags", "date", "virtualization", "emulated");
        List<?> results = (List<?>) root.get("results");
        for (Object row : results) {
            assertThat(((Map<?, ?>) row).keySet().toArray()).containsExactly("tool", "transport", "op", "sizeBytes",
                    "loop", "wait", "roundTripNanos", "halfRoundTripNanosP50", "operationsPerSecond", "bytesPerSecond",
                    "allocatedBytesPerOperation");
        }
        Map<?, ?> first = (Map<?, ?>) results.getFirst();
        assertThat(first.get("tool")).isEqualTo("sluice");
        assertThat(first.get("wait")).isEqualTo("spin");
        assertThat(first.get("halfRoundTripNanosP50")).isEqualTo(500L);
        assertThat(((Map<?, ?>) results.get(1)).get("roundTripNanos")).isEqualTo(ROUND_TRIP_OF_A_TOOL);
        assertThat(((Map<?, ?>) ((List<?>) root.get("comparisons")).getFirst()).get("medianRatio")).isEqualTo(0.5);
    }

    @Test
    void shouldLeaveComparisonsOutWhenThereAreNone() throws IOException {
        StringWriter out = new StringWriter();

        JsonReport.write(out, Environment.ofThisMachine(), List.of(tool().with("depth", 32)), List.of());

        Map<?, ?> root = (Map<?, ?>) parse(out.toString());
        assertThat(root.keySet().toArray()).containsExactly("environment", "results");
        assertThat(((Map<?, ?>) ((List<?>) root.get("results")).getFirst()).get("depth")).isEqualTo(32L);
    }

    private static Row tool() {
        return new Row("ucx_perftest", "tcp", "message", 64, Row.CLOSED, "spin",
                Timings.ofMedianAndMean(7, 15308, 16000.25), 60_000, 3_840_000, Timings.UNKNOWN, Map.of(), null);
    }

    private static Object parse(String json) throws IOException {
        try (JsonParser p = new JsonFactory().createParser(json)) {
            p.nextToken();
            return value(p);
        }
    }

    private static Object value(JsonParser p) throws IOException {
        return switch (p.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (p.nextToken() != JsonToken.END_OBJECT) {
                    String name = p.currentName();
                    p.nextToken();
                    map.put(name, value(p));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (p.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(p));
                }
                yield list;
            }
            case VALUE_NUMBER_INT -> p.getLongValue();
            case VALUE_NUMBER_FLOAT -> p.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> p.getText();
        };
    }
}
