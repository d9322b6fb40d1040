package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.FileMode;
import dev.sluice.Grant;
import dev.sluice.Listener;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.Options;
import dev.sluice.Results;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.SluiceFile;
import dev.sluice.StandardOptions;
import dev.sluice.Transport;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Recorder.Kind;
import dev.sluice.testkit.peer.Fields;
import dev.sluice.testkit.peer.Flood;
import dev.sluice.testkit.peer.Pattern;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Sink;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/** Line 14 of the contract: ends in good order, and what regions, queues and transports do at the end. */
@DisplayName("14 ending")
public abstract class EndingTests extends Theme {

    private static final long SEED = 1401;
    private static final int BYTES = 8 << 20;

    @TempDir
    private Path folder;

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected EndingTests(Subject subject) {
        super(subject);
    }

    @Test
    @DisplayName("14: shutdownOutput delivers every message accepted before, then onEnd")
    void shouldDeliverEveryMessageWhenTheOutputIsShutDown() throws IOException {
        Link link = rig().link();
        link.call("handle", "verify", SEED);
        Flood flood = link.flood(2_000, 0, 2_000, SEED, Flood.By.MIXED);
        rig().pumpUntil("everything accepted", flood::isDone);
        assertTrue(link.near().shutdownOutput() >= 0);
        assertTrue(link.near().shutdownOutput() >= 0);
        assertEquals(Results.CLOSED, link.near().offer(MemorySegment.ofArray(new byte[1]), 0, 1));
        link.farUntil("ends", 1);
        Fields stats = link.call("stats");
        assertEquals(2_000, stats.number("verified"));
        assertEquals("", stats.text("firstMismatch"));
        assertEquals(1, stats.number("ends"));
        assertTrue(stats.text("events").endsWith("end"), stats::toString);
    }

    @Test
    @DisplayName("14: onEnd comes after the sends that wait for a slow receiver when the output is shut down")
    void shouldEndLastWhenTheOutputIsShutDownWithSendsWaiting() throws IOException {
        needs(Operation.SEND);
        Link link = rig().link(Settings.of(StandardOptions.MESSAGE_BUFFER_BYTES, "64k"));
        int length = link.near().limits().maxClaimBytes();
        MemoryRegion local = rig().memory(length);
        rig().farPolling(false);
        int accepted = 0;
        while (accepted < 2_000 && link.near().send(local, 0, length, accepted, Connection.NO_COMPLETION) >= 0) {
            accepted++;
        }
        assertTrue(link.near().shutdownOutput() >= 0);
        rig().farPolling(true);
        link.farUntil("ends", 1);
        link.farUntil("messages", accepted);
        Fields stats = link.call("stats");
        assertEquals(accepted, stats.number("messages"));
        assertTrue(stats.text("events").endsWith("end"), stats::toString);
    }

    @Test
    @DisplayName("14: shutdownOutput carries out every write and file operation accepted before")
    void shouldCarryOutOperationsWhenTheOutputIsShutDown() throws IOException {
        needs(Operation.WRITE);
        needs(Operation.WRITE_FROM_FILE);
        Link link = rig().link();
        FarMemory far = link.farMemory(2L * BYTES, Right.values());
        MemoryRegion local = rig().memory(BYTES);
        Pattern.fill(local.segment(), 0, BYTES, SEED);
        try (SluiceFile file = rig().transport().openFile(Samples.sparse(folder, 0, BYTES, SEED + 1), FileMode.READ,
                Options.none())) {
            link.post("file", () -> link.near().writeFromFile(file, 0, BYTES, far.remote(), BYTES, 2, 0));
            link.post("write", () -> link.near().write(local, 0, far.remote(), 0, BYTES, 1, 0));
            assertTrue(link.near().shutdownOutput() >= 0);
            assertEquals(BYTES, link.complete(1));
            assertEquals(BYTES, link.complete(2));
        }
        link.farUntil("ends", 1);
        assertEquals(0, far.mismatches(0, BYTES, SEED));
        assertEquals(0, far.mismatches(BYTES, BYTES, SEED + 1));
    }

    @Test
    @DisplayName("14: after shutdownOutput the other direction goes on")
    void shouldGoOnReceivingWhenTheOutputIsShutDown() throws IOException {
        Link link = rig().link();
        Sink sink = rig().sinkFrom(SEED);
        assertTrue(link.near().shutdownOutput() >= 0);
        link.farUntil("ends", 1);
        link.call("flood", "count", 1_000, "minBytes", 0, "maxBytes", 3_000, "seed", SEED, "by", "MIXED");
        rig().pumpUntil("everything sent by the other side", () -> sink.count() == 1_000);
        assertEquals("", sink.firstMismatch());
        link.call("shutdown");
        rig().pumpUntil("onEnd", () -> rig().recorder().count(Kind.END, link.near()) == 1);
        assertEquals(1_000, sink.count());
        link.near().close();
        link.farUntil("disconnects", 1);
    }

    @Test
    @DisplayName("14: a region in use refuses to close and stays usable; the end of its use lets it")
    void shouldRefuseToCloseWhenARegionIsInUse() throws IOException {
        needs(Operation.WRITE);
        Link link = rig().link();
        FarMemory far = link.farMemory(BYTES, Right.WRITE);
        MemoryRegion local = rig().memory(BYTES);
        Pattern.fill(local.segment(), 0, BYTES, SEED);
        link.post("write", () -> link.near().write(local, 0, far.remote(), 0, BYTES, 1, 0));
        // Completions come from polls alone, so this one is still to come.
        assertThrows(IllegalStateException.class, local::close);
        assertEquals(BYTES, local.segment().byteSize());
        link.complete(1);
        assertEquals(0, far.mismatches(0, BYTES, SEED));
        local.close();
        local.close();
        MemoryRegion granted = rig().memory(64);
        Grant grant = link.near().grant(granted, 0, 64, Set.of(Right.READ));
        assertThrows(IllegalStateException.class, granted::close);
        grant.close();
        grant.close();
        granted.close();
    }

    @Test
    @DisplayName("14: closing a connection releases what its operations and grants held, at once")
    void shouldReleaseRegionsWhenTheConnectionIsClosed() throws IOException {
        needs(Operation.READ);
        needs(Operation.WRITE);
        Link link = rig().link();
        FarMemory far = link.farMemory(BYTES, Right.values());
        MemoryRegion target = rig().memory(BYTES);
        MemoryRegion source = rig().memory(BYTES);
        MemoryRegion granted = rig().memory(64);
        link.near().grant(granted, 0, 64, Set.of(Right.values()));
        rig().farPolling(false);
        link.post("read", () -> link.near().read(target, 0, far.remote(), 0, BYTES, 1, 0));
        link.post("write", () -> link.near().write(source, 0, far.remote(), 0, BYTES, 2, 0));
        assertThrows(IllegalStateException.class, target::close);
        rig().poll();
        link.near().close();
        target.close();
        source.close();
        granted.close();
        rig().pumpUntil("onDisconnect", () -> rig().recorder().count(Kind.DISCONNECT, link.near()) == 1);
        assertEquals(1, rig().recorder().completions(1).size());
        assertEquals(1, rig().recorder().completions(2).size());
        assertEquals(Kind.DISCONNECT, rig().recorder().events().getLast().kind());
    }

    @Test
    @DisplayName("14: an ended connection grants nothing, says why, and keeps no region in use")
    void shouldGrantNothingWhenTheConnectionHasEnded() throws IOException {
        Link link = rig().link();
        MemoryRegion region = rig().memory(64);
        link.near().close();
        assertGrantsNothing(link, region);
        rig().pumpUntil("onDisconnect", () -> rig().recorder().count(Kind.DISCONNECT, link.near()) == 1);
        // By then nothing of it may be left to grant with.
        rig().link().proveAlive();
        assertGrantsNothing(link, region);
        region.close();
    }

    private static void assertGrantsNothing(Link link, MemoryRegion region) {
        SluiceException refused = assertThrows(SluiceException.class,
                () -> link.near().grant(region, 0, 64, Set.of(Right.READ)));
        assertTrue(refused.getMessage().contains("ended"), refused::getMessage);
    }

    @Test
    @DisplayName("14: closing a queue ends its connections; the others live")
    void shouldEndItsConnectionsWhenAQueueIsClosed() throws IOException {
        CompletionQueue doomed = rig().transport().newQueue(Options.none());
        Link kept = rig().link();
        LocalPair pair = LocalPair.of(rig(), subject(), doomed, Settings.none());
        rig().pumpUntil("both ends", () -> {
            doomed.poll(rig().recorder(), 16);
            return rig().recorder().all(Kind.CONNECT).size() == 3;
        });
        doomed.close();
        doomed.close();
        assertThrows(IllegalStateException.class, () -> doomed.poll(rig().recorder(), 1));
        assertThrows(IllegalStateException.class, () -> doomed.await(0));
        doomed.wakeup();
        rig().pumpUntil("its peer is told", () -> rig().recorder().count(Kind.DISCONNECT, pair.dialled()) == 1);
        assertEquals(DisconnectReason.PEER_CLOSED, rig().recorder().events().getLast().reason());
        kept.proveAlive();
    }

    @Test
    @DisplayName("14: closing a transport closes all it made, once and again")
    void shouldCascadeWhenTheTransportIsClosed() throws IOException {
        Link link = rig().link();
        Transport transport = rig().transport();
        MemoryRegion region = rig().memory(64);
        link.near().grant(region, 0, 64, Set.of(Right.READ));
        Listener listener = transport.listen(subject().listen(), Options.none());
        SluiceFile file = transport.openFile(Samples.sparse(folder, 0, 64, SEED), FileMode.READ, Options.none());
        CompletionQueue queue = rig().queue();
        transport.close();
        transport.close();
        assertThrows(IllegalStateException.class, () -> queue.poll(rig().recorder(), 1));
        assertThrows(SluiceException.class, () -> listener.accept(Duration.ZERO));
        assertThrows(Exception.class, file::sizeBytes);
        assertThrows(RuntimeException.class, () -> region.slice(0, 1));
        link.near().close();
        listener.close();
        file.close();
        region.close();
        assertThrows(Exception.class, () -> transport.allocate(64, Options.none()));
        link.farUntilWithoutPolling("disconnects", 1);
    }

    @Test
    @DisplayName("14: what the peer does not poll holds up neither close nor what it frees")
    void shouldCloseWhenThePeerIsSilentAndFull() throws IOException {
        Link link = rig().link(Settings.of(StandardOptions.MESSAGE_BUFFER_BYTES, "64k"));
        rig().farPolling(false);
        Flood flood = link.flood(Long.MAX_VALUE, 1_000, 1_000, SEED, Flood.By.OFFER);
        rig().pumpUntil("back-pressure", () -> flood.backPressured() > 0);
        Connection near = link.near();
        near.close();
        near.close();
        rig().pumpUntil("onDisconnect", () -> rig().recorder().count(Kind.DISCONNECT, near) == 1);
        rig().farPolling(true);
        link.farUntil("disconnects", 1);
    }
}
