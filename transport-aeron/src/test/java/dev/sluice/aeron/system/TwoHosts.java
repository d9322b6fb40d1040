package dev.sluice.aeron.system;

import org.junit.jupiter.api.Assumptions;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Two network namespaces of this machine, joined by a virtual wire: as good as two hosts for UDP. Needs root and ip(8). */
final class TwoHosts implements AutoCloseable {
    /** The address in the near namespace. */
    static final String NEAR = "10.77.41.1";
    /** The address in the far one. */
    static final String FAR = "10.77.41.2";
    private static final long LIMIT_SECONDS = 20;

    private final String near = "sluice-near-" + ProcessHandle.current().pid();
    private final String far = "sluice-far-" + ProcessHandle.current().pid();

    private TwoHosts() {}

    /** Makes them, or skips the test with the reason. */
    static TwoHosts open() throws IOException {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "namespaces need root");
        TwoHosts hosts = new TwoHosts();
        String refused = run("ip", "netns", "add", hosts.near);
        Assumptions.assumeTrue(refused.isEmpty(), () -> "no network namespaces here: " + refused);
        boolean made = false;
        try {
            hosts.join();
            made = true;
            return hosts;
        } finally {
            if (!made) {
                hosts.close();
            }
        }
    }

    private void join() throws IOException {
        must("ip", "netns", "add", far);
        must("ip", "link", "add", "sluice0", "netns", near, "type", "veth", "peer", "name", "sluice0", "netns", far);
        must("ip", "-n", near, "addr", "add", NEAR + "/24", "dev", "sluice0");
        must("ip", "-n", far, "addr", "add", FAR + "/24", "dev", "sluice0");
        for (String space : List.of(near, far)) {
            must("ip", "-n", space, "link", "set", "lo", "up");
            must("ip", "-n", space, "link", "set", "sluice0", "up");
        }
    }

    /** A command in the near namespace. */
    List<String> near(List<String> command) {
        return in(near, command);
    }

    /** A command in the far namespace. */
    List<String> far(List<String> command) {
        return in(far, command);
    }

    private static List<String> in(String space, List<String> command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", space));
        all.addAll(command);
        return all;
    }

    private static void must(String... command) throws IOException {
        String wrong = run(command);
        if (!wrong.isEmpty()) {
            throw new IOException(String.join(" ", command) + ": " + wrong);
        }
    }

    /** What a command says when it fails, else nothing. */
    private static String run(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
                    .lines().reduce("", (a, b) -> a + b + " ");
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0 ? "" : "failed: " + said;
        } catch (IOException e) {
            return "cannot be run: " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "was interrupted";
        }
    }

    @Override
    public void close() {
        run("ip", "netns", "del", near);
        run("ip", "netns", "del", far);
    }
}
