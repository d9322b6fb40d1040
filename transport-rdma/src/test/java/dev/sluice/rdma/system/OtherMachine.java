package dev.sluice.rdma.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Rig;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Tuning;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * The second machine of infra/rxe/trials: two far roles run there, and a shell that does what it is told by whoever connects.
 */
final class OtherMachine {
    /** The far role that a test may kill. */
    static final int VICTIM_PORT = 7072;
    /** The far role that lives on. */
    static final int SURVIVOR_PORT = 7073;

    private static final String HOST = System.getProperty("sluice.test.otherMachine", "");
    private static final int SHELL_PORT = 7071;

    private OtherMachine() {}

    static boolean isThere() {
        return !HOST.isEmpty();
    }

    /** Skips the test where there is none. */
    static void need() {
        assumeTrue(isThere(), "two machines are needed: infra/rxe/trials runs this");
    }

    /** Runs a line of shell there; what it said. */
    static String run(String line) throws IOException {
        try (Socket shell = new Socket()) {
            int limitMs = (int) Tuning.seconds(20).toMillis();
            shell.connect(new InetSocketAddress(HOST, SHELL_PORT), limitMs);
            shell.setSoTimeout(limitMs);
            shell.getOutputStream().write((line + "\nexit\n").getBytes(StandardCharsets.UTF_8));
            shell.shutdownOutput();
            return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Sends a signal to a far role. */
    static void signal(String name, int port) throws IOException {
        run("kill -" + name + " $(cat /tmp/far-" + port + ") && echo done");
    }

    /** A transport here, and one in a far role there. */
    static Rig rig(int port) throws IOException {
        return new Rig(Subject.of("rdma:///", "rdma://" + HOST + ":0"), Settings.none(),
                new InetSocketAddress(HOST, port));
    }
}
