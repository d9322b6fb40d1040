package dev.sluice.bench.cli;

import dev.sluice.bench.reference.NettyEcho;
import picocli.CommandLine.Command;

import java.util.concurrent.Callable;

@Command(name = "netty-echo", hidden = true, description = "The far end of Netty's ping-pong; ends with the process that started it.")
final class NettyEchoCommand implements Callable<Integer> {

    @Override
    public Integer call() throws Exception {
        NettyEcho.serveUntilStdinEnds();
        return 0;
    }
}
