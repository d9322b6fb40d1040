package dev.sluice.bench.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "bench", description = "Measure. Without a subcommand: every transport of this machine, within 90 seconds.", mixinStandardHelpOptions = true, subcommands = {
        LatencyCommand.class, ThroughputCommand.class, FileCommand.class})
final class BenchCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        return 0;
    }
}
