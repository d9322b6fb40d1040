package dev.sluice.bench.reference;

import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.Row;

/** A test of a native tool or another library, ready to be run again and again for a short time. */
public interface Tool {

    /**
     * The tool's name in results.
     *
     * @return the name
     */
    String name();

    /**
     * What the tool calls this test.
     *
     * @return the name, may be empty
     */
    String test();

    /**
     * Which figure is compared.
     *
     * @return the figure
     */
    Comparison.Metric metric();

    /**
     * Measures once.
     *
     * @return the figures; round trips are whole ones
     * @throws dev.sluice.bench.BenchException when the tool fails
     */
    Row run();
}
