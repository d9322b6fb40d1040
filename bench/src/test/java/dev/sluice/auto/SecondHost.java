package dev.sluice.auto;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;

/** A network namespace, joined to this one by a wire: another host as far as a network can tell. */
final class SecondHost implements AutoCloseable {

    private final String name;
    private final String subnet;

    private SecondHost(long number) {
        name = "sl" + number;
        subnet = "10.231." + number % 250 + ".";
    }

    static SecondHost make() {
        SecondHost host = new SecondHost(ProcessHandle.current().pid());
        assumeTrue(run("ip", "netns", "add", host.name), "needs root and iproute2, to make a network namespace");
        boolean joined = false;
        try {
            joined = host.join();
        } finally {
            if (!joined) {
                host.close();
            }
        }
        assumeTrue(joined, "this kernel makes no pair of virtual interfaces");
        return host;
    }

    private boolean join() {
        String here = name + "a";
        String there = name + "b";
        return run("ip", "link", "add", here, "type", "veth", "peer", "name", there, "netns", name)
                && run("ip", "addr", "add", subnet + "1/30", "dev", here) && run("ip", "link", "set", here, "up")
                && run("ip", "-n", name, "addr", "add", subnet + "2/30", "dev", there)
                && run("ip", "-n", name, "link", "set", there, "up")
                && run("ip", "-n", name, "link", "set", "lo", "up");
    }

    /** What starts a process there. */
    List<String> launcher() {
        return List.of("ip", "netns", "exec", name);
    }

    /** Its address on the wire. */
    String address() {
        return subnet + "2";
    }

    /** The wire goes with it. */
    @Override
    public void close() {
        run("ip", "netns", "del", name);
    }

    private static boolean run(String... command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.DISCARD).start()
                    .waitFor() == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
