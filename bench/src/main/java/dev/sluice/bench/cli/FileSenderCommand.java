package dev.sluice.bench.cli;

import dev.sluice.bench.pair.WaitMode;
import dev.sluice.bench.process.Pinning;
import dev.sluice.bench.reference.FileSender;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.concurrent.Callable;

@Command(name = "file-sender", hidden = true, description = "Sends a file whenever it is told to; ends with the process that started it.")
final class FileSenderCommand implements Callable<Integer> {

    @Option(names = "--tool", required = true)
    private String tool;

    @Option(names = "--file", required = true)
    private Path file;

    @Option(names = "--wait", required = true)
    private WaitMode waitMode;

    @Option(names = "--cpus", required = true, converter = PinningConverter.class)
    private Pinning pinning;

    @Override
    public Integer call() throws Exception {
        FileSender.serve(tool, file, waitMode, pinning, System.in, System.out);
        return 0;
    }
}
