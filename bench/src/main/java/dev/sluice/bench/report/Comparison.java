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
        BYTES_PER_SECOND("bytesPerSecond"),
        /** The sender's processor time per GiB: a ratio below 1 means that Sluice takes less. */
        SENDER_CPU(Rows.SENDER_CPU);

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
         * @return nanoseconds, bytes per second, or seconds per GiB
         */
        public double of(Row row) {
            return switch (this) {
                case ROUND_TRIP_P50 -> row.roundTrip().p50();
                case BYTES_PER_SECOND -> row.bytesPerSecond();
                case SENDER_CPU -> row.extras().getOrDefault(Rows.SENDER_CPU, Timings.UNKNOWN);
            };
        }
    }
}
