package dev.sluice.bench.cli;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import picocli.CommandLine.Option;

/** The options that say how often to measure. */
final class LoopOptions {

    @Option(names = "--iterations", paramLabel = "N", defaultValue = "100000", description = "operations measured; default: ${DEFAULT-VALUE}")
    private long iterations;

    @Option(names = "--warmup", paramLabel = "N", defaultValue = "20000", description = "operations before, not reported; default: ${DEFAULT-VALUE}")
    private long warmUp;

    long iterations() {
        if (iterations < 1) {
            throw new BenchException(ExitCodes.USAGE, "--iterations must be at least 1, not " + iterations);
        }
        return iterations;
    }

    long warmUp() {
        if (warmUp < 1) {
            throw new BenchException(ExitCodes.USAGE, "--warmup must be at least 1, not " + warmUp);
        }
        return warmUp;
    }
}
