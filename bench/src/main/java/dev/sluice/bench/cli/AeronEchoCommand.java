package dev.sluice.bench.cli;

import dev.sluice.bench.reference.AeronEcho;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

@Command(name = "aeron-echo", hidden = true, description = "The far end of Aeron's ping-pong; ends with the process that started it.")
final class AeronEchoCommand implements Callable<Integer> {

    @Parameters(index = "0", description = "udp or ipc")
    private String medium;

    @Parameters(index = "1", description = "where the near end listens")
    private int nearPort;

    @Parameters(index = "2", description = "whether to yield")
    private boolean yields;

    @Override
    public Integer call() throws Exception {
        AeronEcho.serveUntilStdinEnds(medium, nearPort, yields);
        return 0;
    }
}
