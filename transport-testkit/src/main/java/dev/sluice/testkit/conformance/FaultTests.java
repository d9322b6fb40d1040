package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Action;
import dev.sluice.BufferClaim;
import dev.sluice.Connection;
import dev.sluice.FileMode;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.Options;
import dev.sluice.Results;
import dev.sluice.Right;
import dev.sluice.Sluice;
import dev.sluice.SluiceException;
import dev.sluice.SluiceFile;
import dev.sluice.StandardOptions;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.fault.FaultPlan;
import dev.sluice.testkit.fault.FaultyConnection;
import dev.sluice.testkit.fault.FaultyTransport;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** Lines 5 and 14 of the contract, at every operation: what was accepted completes, the end comes once and last. */
@DisplayName("faults")
public abstract class FaultTests extends Theme {

    private static final Settings SMALL = Settings.of(StandardOptions.MESSAGE_BUFFER_BYTES, "64k");
    private static final int SEEDS = 12;

    @TempDir
    private Path directory;
    private String farRegion = "";
    private SluiceFile file;

    /** How a connection is closed. */
    protected enum Way {
        /** By the poller. */
        BETWEEN_POLLS,
        /** By a handler, inside poll. */
        FROM_THE_HANDLER,
        /** By a thread that neither polls nor posts, while the poller goes on. */
        FROM_ANOTHER_THREAD,
        /** Twice in a row. */
        TWICE,
        /** By both ends at once. */
        ON_BOTH_SIDES,
        /** While the user fills a claim. */
        WITH_A_CLAIM_OPEN
    }

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected FaultTests(Subject subject) {
        super(subject);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("14: a close at every operation ends in good order")
    void shouldEndInGoodOrderWhenClosedAtEveryOperation(Way way) throws Exception {
        int operations = work(FaultPlan.at(FaultPlan.Kind.CLOSE, 0), Way.BETWEEN_POLLS);
        assertTrue(operations > 5, () -> "only " + operations + " operations");
        for (int nth = 1; nth <= operations; nth++) {
            work(FaultPlan.at(FaultPlan.Kind.CLOSE, nth), way);
        }
        rig().link(SMALL).proveAlive();
    }

    @ParameterizedTest
    @EnumSource(names = {"FAIL", "DELAY"})
    @DisplayName("5, 14: a post that fails or comes late ends in good order")
    void shouldEndInGoodOrderWhenPosts(FaultPlan.Kind kind) throws Exception {
        int operations = work(FaultPlan.at(kind, 0), Way.BETWEEN_POLLS);
        for (long seed = 1; seed <= Tuning.times(SEEDS, 2); seed++) {
            work(FaultPlan.seeded(kind, seed, operations), Way.BETWEEN_POLLS);
        }
        rig().link(SMALL).proveAlive();
    }

    @Test
    @DisplayName("14: a set-up that fails half-way leaves nothing behind that refuses to close")
    void shouldCloseWhenSetUpFailedHalfWay() throws IOException {
        for (int nth = 1; nth <= 3; nth++) {
            FaultyTransport transport = new FaultyTransport(
                    Sluice.open(subject().open(), Options.none()), FaultPlan.at(FaultPlan.Kind.FAIL, nth));
            try (transport) {
                SluiceException e = assertThrows(SluiceException.class, () -> {
                    transport.allocate(1, Options.none());
                    transport.newQueue(Options.none());
                    transport.listen(subject().listen(), Options.none());
                });
                assertTrue(e.getMessage().contains("injected"), e::getMessage);
            }
        }
    }

    /** Works through a new connection, checks how it ends, and returns how many operations it had. */
    private int work(FaultPlan plan, Way way) throws Exception {
        try {
            return workChecked(plan, way);
        } catch (AssertionError e) {
            throw new AssertionError(way + ", " + plan + ": " + e.getMessage(), e);
        }
    }

    private int workChecked(FaultPlan plan, Way way) throws Exception {
        rig().recorder().clear();
        Link link = rig().link(SMALL);
        Connection near = link.near();
        MemoryRegion local = rig().memory(FaultWork.localBytes());
        AtomicBoolean inHandler = new AtomicBoolean();
        rig().recorder().atMessage((c, base, offset, length) -> closeIn(inHandler, c, near));
        if (way == Way.FROM_THE_HANDLER) {
            link.call("handle", "reply", "offer");
            link.post("a message to be answered", () -> near.offer(local.segment(), 0, 8));
        }
        Thread[] other = {null};
        FaultPlan struck = plan.andThen(() -> close(way, link, inHandler, other));
        FaultWork work = new FaultWork(rig(), near, new FaultyConnection(near, struck), local, far(link).remote(),
                file());
        work.run();
        if (!struck.hasStruck() || way == Way.FROM_ANOTHER_THREAD || plan.toString().startsWith("DELAY")) {
            near.close();
        }
        if (other[0] != null) {
            other[0].join();
        }
        // What the close released, the events that still wait do not hold.
        local.close();
        work.checkEnd(rig().memory(8));
        link.farUntil("disconnects", 1);
        return struck.operations();
    }

    private static Action closeIn(AtomicBoolean inHandler, Connection connection, Connection near) {
        if (connection != near) {
            return Action.CONTINUE;
        }
        if (inHandler.get()) {
            near.close();
            return Action.CONTINUE;
        }
        return Action.ABORT;
    }

    private void close(Way way, Link link, AtomicBoolean inHandler, Thread[] other) {
        Connection near = link.near();
        switch (way) {
            case BETWEEN_POLLS -> near.close();
            case FROM_THE_HANDLER -> closeInHandler(near, inHandler);
            case FROM_ANOTHER_THREAD -> other[0] = Thread.ofPlatform().start(near::close);
            case TWICE -> {
                near.close();
                near.close();
            }
            case ON_BOTH_SIDES -> {
                other[0] = Thread.ofPlatform().start(() -> link.call("close", "what", link.far()));
                near.close();
            }
            case WITH_A_CLAIM_OPEN -> closeWithClaim(near);
        }
    }

    private void closeInHandler(Connection near, AtomicBoolean inHandler) {
        inHandler.set(true);
        rig().pumpUntil("a close in the handler", () -> !near.diagnostics().endedBecause().isEmpty());
    }

    private static void closeWithClaim(Connection near) {
        BufferClaim claim = near.newClaim();
        long answer = near.tryClaim(64, claim);
        near.close();
        if (answer >= 0) {
            claim.segment().asSlice(claim.offset(), claim.length()).fill((byte) 3);
            assertEquals("CLOSED", Results.name(claim.commit()));
        }
    }

    private FarMemory far(Link link) throws IOException {
        if (farRegion.isEmpty()) {
            FarMemory first = link.farMemory(FaultWork.localBytes(), Right.values());
            farRegion = first.region();
            return first;
        }
        return new FarMemory(rig(), link, farRegion, 0, FaultWork.localBytes(), Right.values());
    }

    private SluiceFile file() throws IOException {
        boolean files = rig().capabilities().supports(Operation.WRITE_FROM_FILE)
                && rig().capabilities().supports(Operation.READ_TO_FILE);
        if (files && file == null) {
            Path path = directory.resolve("work");
            Files.write(path, new byte[(int) FaultWork.localBytes()]);
            file = rig().transport().openFile(path, FileMode.READ_WRITE, Options.none());
        }
        return file;
    }
}
