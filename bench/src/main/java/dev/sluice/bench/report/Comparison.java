package dev.sluice.bench.report;

/**
 * Our row against a tool's, measured in turns.
 *
 * @param ours our row
 * @param theirs the tool's row
 * @param test what the tool calls the test
 * @param metric which figure was divided
 * @param ratio ours divided by theirs
 */
public record Comparison(Row ours, Row theirs, String test, Metric metric, Ratio ratio) {

    /** The figure of a row that is compared. */
    public enum Metric {
        /** The median round trip: a ratio below 1 means that Sluice is faster. */
        ROUND_TRIP_P50("roundTripNanosP50"),
        /** The throughput: a ratio above 1 means that Sluice is faster. */
        BYTES_PER_SECOND("bytesPerSecond");

        private final String label;

        Metric(String label) {
            this.label = label;
        }

        /**
         * The name in JSON.
         *
         * @return the name
         */
        public String label() {
            return label;
        }

        /**
         * The figure.
         *
         * @param row of which row
         * @return nanoseconds or bytes per second
         */
        public double of(Row row) {
            return this == ROUND_TRIP_P50 ? row.roundTrip().p50() : row.bytesPerSecond();
        }
    }
}
