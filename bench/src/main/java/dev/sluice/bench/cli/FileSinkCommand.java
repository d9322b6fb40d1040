package dev.sluice.bench.cli;

import dev.sluice.bench.reference.FileSink;
import picocli.CommandLine.Command;

import java.util.concurrent.Callable;

@Command(name = "file-sink", hidden = true, description = "The far end of the transferTo loop; ends with the process that started it.")
final class FileSinkCommand implements Callable<Integer> {

    @Override
    public Integer call() throws Exception {
        FileSink.serveUntilStdinEnds();
        return 0;
    }
}
