package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Recorder.Event;
import dev.sluice.testkit.conformance.Recorder.Kind;
import dev.sluice.testkit.peer.FarFailure;
import dev.sluice.testkit.peer.FarProcess;
import dev.sluice.testkit.peer.Fields;
import dev.sluice.testkit.peer.Flood;
import dev.sluice.testkit.peer.Pattern;
import dev.sluice.testkit.peer.ProcessFacts;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Line 14 of the contract: what is left after the end, in good order or not. */
@DisplayName("14 leaks")
public abstract class LeakTests extends Theme {

    private static final Settings SOON = Settings.of(StandardOptions.DETECTION_TIME, "1s");
    private static final long SEED = 1402;
    /** What a peer is killed at: system calls about descriptors, sockets and memory, as strace(1) names them. */
    private static final String CALLS = "%network,%desc,%memory";
    /** What a JVM opens, starts and maps by itself meanwhile. Far less than one for each repetition. */
    private static final Map<String, Long> SLACK = Map.of("descriptors", 8L, "threads", 8L, "mappings", 60L);

    @TempDir
    private Path folder;

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected LeakTests(Subject subject) {
        super(subject);
    }

    @Test
    @DisplayName("14: connections that came and went leave no descriptor, thread or mapping at either end")
    void shouldLeaveNothingWhenSomeConnectionsCameAndWent() throws IOException {
        comeAndGo(Tuning.times(200, 80));
    }

    @Test
    @Tag("slow")
    @DisplayName("14: nor do a thousand")
    void shouldLeaveNothingWhenAThousandConnectionsCameAndWent() throws IOException {
        comeAndGo(1_000);
    }

    @Test
    @DisplayName("14: transports that came and went leave nothing")
    void shouldLeaveNothingWhenTransportsCameAndWent() throws IOException {
        transports(3);
        Fields before = ProcessFacts.read();
        transports(25);
        assertNothingLeft(before, LeakTests::facts);
    }

    @Test
    @Tag("slow")
    @DisplayName("14, 11: a peer killed at any moment: the survivor is told of each connection, and nothing is left")
    void shouldTellTheSurvivorWhenThePeerIsKilledAtAnyMoment() throws Exception {
        assumeTwoProcesses();
        runOnce(0, 200);
        Fields before = ProcessFacts.read();
        int times = Tuning.times(12, 3);
        for (int i = 1; i <= times; i++) {
            runOnce(i, Long.remainderUnsigned(Pattern.mix(SEED + i), 300));
        }
        assertNothingLeft(before, LeakTests::facts);
    }

    @Test
    @Tag("slow")
    @DisplayName("14, 11: a peer killed at its Nth system call, of set-up, traffic and teardown")
    void shouldTellTheSurvivorWhenThePeerIsKilledAtASystemCall() throws Exception {
        assumeTwoProcesses();
        int times = Tuning.times(12, 3);
        int died = 0;
        for (int n = 1; n <= times; n++) {
            // The first calls belong to set-up; wider steps reach traffic and teardown.
            died += isKilledAt(n * n) ? 1 : 0;
        }
        assertTrue(died > 0, "nobody was killed");
    }

    @Test
    @Tag("nightly")
    @DisplayName("14, 11: a peer killed at each of its first system calls, one after the other")
    void shouldTellTheSurvivorWhenThePeerIsKilledAtEachSystemCall() throws Exception {
        assumeTwoProcesses();
        int times = Tuning.times(400, 20);
        for (int n = 1; n <= times; n++) {
            isKilledAt(n);
        }
    }

    /** Runs with a peer that strace(1) kills at its Nth system call; tells whether it came that far. */
    private boolean isKilledAt(int n) throws Exception {
        try (FarProcess process = FarProcess.start()) {
            Rig rig = new Rig(subject(), Settings.none(), process.address());
            Process strace = strace(process, n);
            try {
                return survive(process, rig);
            } finally {
                strace.destroy();
                strace.waitFor();
            }
        }
    }

    private void comeAndGo(int times) throws IOException {
        Fields nearBefore = null;
        Fields farBefore = null;
        for (int i = 0; i < times + 10; i++) {
            if (i == 10) {
                nearBefore = ProcessFacts.read();
                farBefore = rig().far().call("facts");
            }
            Link link = rig().link();
            MemoryRegion region = rig().memory(4096);
            link.near().grant(region, 0, 4096, Set.of(Right.READ));
            if (i % 2 == 0) {
                link.near().close();
            } else {
                rig().far().call("close", "what", link.far());
            }
            rig().pumpUntil("onDisconnect", () -> rig().recorder().count(Kind.DISCONNECT, link.near()) == 1);
            link.forgetFar();
            region.close();
            rig().recorder().clear();
        }
        assertNothingLeft(nearBefore, LeakTests::facts);
        assertNothingLeft(farBefore, () -> rig().far().call("facts"));
        rig().link().proveAlive();
    }

    private void transports(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (Rig one = new Rig(subject(), Settings.none())) {
                one.link().proveAlive();
            }
        }
    }

    /** Traffic with a peer that is killed some time after they began. */
    private void runOnce(int round, long afterMs) throws Exception {
        try (FarProcess process = FarProcess.start()) {
            Rig rig = new Rig(subject(), Settings.none(), process.address());
            Thread killer = Thread.ofPlatform().daemon().start(() -> {
                try {
                    if (!process.exited(Duration.ofMillis(afterMs))) {
                        process.signal("KILL");
                    }
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException("round " + round, e);
                }
            });
            survive(process, rig);
            killer.join();
        }
    }

    /**
     * Set-up, traffic and teardown with a peer that may die at any point; then every connection must have ended. Tells
     * whether it died.
     */
    private boolean survive(FarProcess process, Rig rig) throws IOException {
        try {
            traffic(rig);
            return false;
        } catch (SluiceException | UncheckedIOException | FarFailure | AssertionError e) {
            rig.pumpUntil("the peer's death, for " + e, () -> !process.isAlive());
            return true;
        } finally {
            process.close();
            List<Event> connects = rig.recorder().all(Kind.CONNECT);
            rig.pumpUntil("each connection's end", () -> connects.stream()
                    .allMatch(e -> rig.recorder().count(Kind.DISCONNECT, e.connection()) == 1));
            rig.transport().close();
            rig.abandon();
        }
    }

    private static void traffic(Rig rig) throws SluiceException {
        for (int i = 0; i < 20; i++) {
            Link link = rig.link(SOON);
            FarMemory far = link.farMemory(1 << 20, Right.values());
            MemoryRegion local = rig.memory(1 << 20);
            link.call("handle", "verify", SEED);
            Flood flood = link.flood(200, 0, 1_000, SEED, Flood.By.MIXED);
            if (rig.capabilities().supports(Operation.WRITE)) {
                link.complete("write", 1, () -> link.near().write(local, 0, far.remote(), 0, 1 << 20, 1, 0));
            }
            rig.pumpUntil("the stream", flood::isDone);
            link.farUntil("verified", 200);
            if (i % 2 == 0) {
                link.near().close();
            } else {
                link.call("shutdown");
                rig.far().call("close", "what", link.far());
            }
            rig.pumpUntil("the end", () -> rig.recorder().count(Kind.DISCONNECT, link.near()) == 1);
            rig.recorder().clear();
        }
    }

    /** Kills a process at the Nth call, in any of its threads, that has to do with descriptors, sockets or memory. */
    private Process strace(FarProcess process, int n) throws Exception {
        Path said = Files.createTempFile(folder, "strace", ".txt");
        Process strace;
        try {
            strace = new ProcessBuilder("strace", "-f", "-p", Long.toString(process.pid()), "-e", "trace=" + CALLS,
                    "-e",
                    "inject=" + CALLS + ":signal=KILL:when=" + n, "-o", "/dev/null")
                    .redirectErrorStream(true).redirectOutput(said.toFile()).start();
        } catch (IOException e) {
            return Assumptions.abort("strace cannot be run: " + e.getMessage());
        }
        rig().pumpUntil("strace", () -> read(said).contains("attached") || !strace.isAlive());
        Assumptions.assumeTrue(strace.isAlive() || read(said).contains("attached"),
                () -> "strace may not look at processes here: " + read(said));
        return strace;
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assumeTwoProcesses() {
        onlyOnce();
        Assumptions.assumeTrue(rig().capabilities().crossesProcesses(),
                () -> rig().scheme() + " declares that both ends are in one process");
    }

    /**
     * What the transport tears down in the background counts only when it does not go away. Aeron's driver keeps the memory of
     * a stream from elsewhere for 20 s after its end.
     */
    private void assertNothingLeft(Fields before, Supplier<Fields> now) {
        long endNs = System.nanoTime() + 3 * Rig.LIMIT.toNanos();
        Fields after = now.get();
        while (!withinSlack(before, after) && System.nanoTime() - endNs < 0) {
            rig().pumpFor(Duration.ofMillis(100));
            after = now.get();
        }
        Fields last = after;
        assertTrue(withinSlack(before, last), () -> "before " + before + ", after " + last);
        assertEquals(before.number("lockedKiB"), last.number("lockedKiB"));
    }

    private static boolean withinSlack(Fields before, Fields after) {
        return SLACK.entrySet().stream()
                .allMatch(e -> after.number(e.getKey()) <= before.number(e.getKey()) + e.getValue());
    }

    private static Fields facts() {
        try {
            return ProcessFacts.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
