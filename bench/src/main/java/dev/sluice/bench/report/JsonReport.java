package dev.sluice.bench.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;

import java.io.IOException;
import java.io.Writer;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Results as JSON: {@code environment}, {@code results} and, where tools were compared, {@code comparisons}. What a tool
 * does not tell is null. docs/bench.md describes every field.
 */
public final class JsonReport {

    private static final double HUNDRED = 100;

    private JsonReport() {}

    /**
     * Writes a report.
     *
     * @param out where to; not closed
     * @param environment the machine
     * @param rows the results
     * @param comparisons may be empty
     * @throws IOException when writing fails
     */
    public static void write(Writer out, Environment environment, List<Row> rows, List<Comparison> comparisons)
            throws IOException {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER));
        printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.setPrettyPrinter(printer);
            json.writeStartObject();
            json.writeObjectFieldStart("environment");
            for (Map.Entry<String, Object> e : environment.values().entrySet()) {
                json.writeFieldName(e.getKey());
                any(json, e.getValue());
            }
            json.writeEndObject();
            json.writeArrayFieldStart("results");
            for (Row row : rows) {
                row(json, row);
            }
            json.writeEndArray();
            if (!comparisons.isEmpty()) {
                json.writeArrayFieldStart("comparisons");
                for (Comparison c : comparisons) {
                    comparison(json, c);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
            json.writeRaw(System.lineSeparator());
        }
    }

    private static void any(JsonGenerator json, Object value) throws IOException {
        switch (value) {
            case Boolean b -> json.writeBoolean(b);
            case Integer i -> json.writeNumber(i);
            case Long l -> json.writeNumber(l);
            case Double d -> number(json, d);
            case Collection<?> c -> {
                json.writeStartArray();
                for (Object o : c) {
                    any(json, o);
                }
                json.writeEndArray();
            }
            default -> json.writeString(value.toString());
        }
    }

    private static void row(JsonGenerator json, Row row) throws IOException {
        json.writeStartObject();
        json.writeStringField("tool", row.tool());
        json.writeStringField("transport", row.transport());
        json.writeStringField("op", row.op());
        json.writeNumberField("sizeBytes", row.sizeBytes());
        json.writeStringField("loop", row.loop());
        json.writeStringField("wait", row.waitMode());
        json.writeObjectFieldStart("roundTripNanos");
        json.writeNumberField("count", row.roundTrip().count());
        field(json, "min", row.roundTrip().min());
        field(json, "p50", row.roundTrip().p50());
        field(json, "p90", row.roundTrip().p90());
        field(json, "p99", row.roundTrip().p99());
        field(json, "p999", row.roundTrip().p999());
        field(json, "max", row.roundTrip().max());
        field(json, "mean", row.roundTrip().mean());
        json.writeEndObject();
        field(json, "halfRoundTripNanosP50", row.halfRoundTripNanosP50());
        field(json, "operationsPerSecond", row.operationsPerSecond());
        field(json, "bytesPerSecond", row.bytesPerSecond());
        field(json, "allocatedBytesPerOperation", row.allocatedBytesPerOperation());
        for (Map.Entry<String, Double> e : row.extras().entrySet()) {
            field(json, e.getKey(), e.getValue());
        }
        json.writeEndObject();
    }

    private static void comparison(JsonGenerator json, Comparison c) throws IOException {
        json.writeStartObject();
        json.writeStringField("tool", c.theirs().tool());
        json.writeStringField("test", c.test());
        json.writeStringField("transport", c.ours().transport());
        json.writeStringField("op", c.ours().op());
        json.writeNumberField("sizeBytes", c.ours().sizeBytes());
        json.writeStringField("loop", c.ours().loop());
        json.writeStringField("wait", c.ours().waitMode());
        json.writeStringField("metric", c.metric().label());
        json.writeNumberField("pairs", c.ratio().pairs());
        precise(json, "medianRatio", c.ratio().median());
        precise(json, "ratioLow", c.ratio().low());
        precise(json, "ratioHigh", c.ratio().high());
        precise(json, "coverage", c.ratio().coverage());
        json.writeEndObject();
    }

    private static void field(JsonGenerator json, String name, double value) throws IOException {
        json.writeFieldName(name);
        number(json, value);
    }

    /** With two decimals at most, whole where it is whole; null where it is not known. */
    private static void number(JsonGenerator json, double value) throws IOException {
        double rounded = Math.round(value * HUNDRED) / HUNDRED;
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            json.writeNull();
        } else if (rounded == Math.rint(rounded)) {
            json.writeNumber((long) rounded);
        } else {
            json.writeNumber(rounded);
        }
    }

    private static void precise(JsonGenerator json, String name, double value) throws IOException {
        json.writeNumberField(name, Math.round(value * 10_000) / 10_000.0);
    }
}
