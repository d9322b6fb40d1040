package dev.sluice.bench.cli;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.pair.Ends;
import dev.sluice.bench.pair.WaitMode;
import picocli.CommandLine.Option;

import java.net.URI;

/** The options that say between which ends to measure, and how they wait. */
final class EndsOptions {

    @Option(names = "--transport", paramLabel = "T", description = "tcp, rdma, shm, ..., auto for the best of them, or a URI with options; default: that of --peer, else tcp")
    private String transport;

    @Option(names = "--peer", paramLabel = "URI", description = "a peer made by 'sluice peer'; default: one in a second process on this machine")
    private URI peer;

    @Option(names = "--wait", paramLabel = "spin|yield|await", defaultValue = "await", description = "what both ends do while nothing has arrived, but for a far end that runs no code (rdma, shm: writes, reads, atomics), which sleeps; default: ${DEFAULT-VALUE}")
    private WaitMode waitMode;

    WaitMode waitMode() {
        return waitMode;
    }

    Ends open() {
        String scheme = peer == null ? null : peer.getScheme();
        if (peer != null && scheme == null) {
            throw new BenchException(ExitCodes.USAGE, "--peer " + peer + " has no scheme; write tcp://host:port");
        }
        String name = transport != null ? transport : scheme != null ? scheme : "tcp";
        if (scheme != null && !scheme.equals(name.contains(":") ? name.substring(0, name.indexOf(':')) : name)) {
            throw new BenchException(ExitCodes.USAGE,
                    "--transport " + name + " and --peer " + peer + " name different transports");
        }
        return Ends.open(name, peer);
    }
}
