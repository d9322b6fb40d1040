package dev.sluice.bench.cli;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.pair.LocalPeer;
import dev.sluice.bench.pair.PeerServer;
import dev.sluice.bench.reference.ToolServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

@Command(name = "peer", description = "Serve the other end of measurements, one pair after the other, until SIGINT or SIGTERM.", mixinStandardHelpOptions = true)
final class PeerCommand implements Callable<Integer> {

    private static final long END_SECONDS = 5;

    @Option(names = "--listen", required = true, paramLabel = "URI", description = "where, such as tcp://0.0.0.0:7471, or auto://0.0.0.0:7471 for every transport; port 0 takes any")
    private URI listen;

    @Option(names = "--tools", paramLabel = "PORT", description = "also start perftest's servers for 'bench compare' of another host, which asks at this TCP port of the same address")
    private Integer toolsPort;

    @Option(names = "--until-stdin-ends", hidden = true, description = "end with the process that started this one")
    private boolean untilStdinEnds;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (listen.getScheme() == null) {
            throw new BenchException(ExitCodes.USAGE, "--listen " + listen + " has no scheme; write tcp://host:port");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        CountDownLatch ended = new CountDownLatch(1);
        try (PeerServer server = PeerServer.listen(listen, line -> {
            err.println("sluice: " + line);
            err.flush();
        })) {
            if (toolsPort != null) {
                startTools(err);
            }
            endOnSignal(server, ended);
            if (untilStdinEnds) {
                Thread.ofPlatform().daemon().name("sluice-stdin").start(() -> closeWhenStdinEnds(server));
            }
            out.println(LocalPeer.listeningPrefix() + server.address());
            out.flush();
            server.serve();
        } finally {
            ended.countDown();
        }
        return 0;
    }

    /** Ends with this process. */
    private void startTools(PrintWriter err) {
        try {
            ToolServer.start(new InetSocketAddress(listen.getHost(), toolsPort),
                    line -> err.println("sluice: " + line));
        } catch (IOException e) {
            throw new BenchException(ExitCodes.ENVIRONMENT, "cannot listen for tools: " + e.getMessage(), e);
        }
    }

    /** A signal runs the shutdown hooks at once: they wait here for the pair and the transport to be closed. */
    private static void endOnSignal(PeerServer server, CountDownLatch ended) {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("sluice-shutdown").unstarted(() -> {
            boolean bySignal = ended.getCount() > 0;
            server.stop();
            try {
                if (bySignal && ended.await(END_SECONDS, TimeUnit.SECONDS)) {
                    Runtime.getRuntime().halt(ExitCodes.OK);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    private static void closeWhenStdinEnds(PeerServer server) {
        try {
            while (System.in.read() >= 0) {
                // What is written there means nothing.
            }
        } catch (IOException e) {
            // A broken standard input has ended, too.
        }
        server.stop();
    }
}
