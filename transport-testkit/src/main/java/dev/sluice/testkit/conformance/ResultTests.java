package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.BufferClaim;
import dev.sluice.Connection;
import dev.sluice.GatherList;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.Options;
import dev.sluice.RemoteRegion;
import dev.sluice.Results;
import dev.sluice.Right;
import dev.sluice.Sluice;
import dev.sluice.Transport;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Recorder.Kind;
import dev.sluice.testkit.peer.Settings;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** Line 3 of the contract: results, and the caller's own mistakes. */
@DisplayName("3 results")
public abstract class ResultTests extends Theme {

    private static final int BYTES = 4096;

    private Link link;
    private Connection c;
    private MemoryRegion local;
    private FarMemory far;
    private RemoteRegion remote;
    private long sumBefore;

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected ResultTests(Subject subject) {
        super(subject);
    }

    @Test
    @DisplayName("3: mistakes with messages throw before anything is posted, and the connection lives")
    void shouldThrowAndLiveWhenMessagesAreMistaken() throws IOException {
        prepare(Right.values());
        BufferClaim claim = c.newClaim();
        BufferClaim foreign = rig().link().near().newClaim();
        MemorySegment heap = MemorySegment.ofArray(new byte[100]);
        assertAll(throwing(NullPointerException.class, () -> c.offer(null, 0, 1)),
                throwing(NullPointerException.class, () -> c.tryClaim(1, null)),
                throwing(IllegalArgumentException.class, () -> c.tryClaim(-1, claim)),
                throwing(IllegalArgumentException.class, () -> c.tryClaim(1, foreign)),
                throwing(IllegalStateException.class, claim::commit),
                throwing(IllegalStateException.class, claim::abort),
                throwing(IndexOutOfBoundsException.class, () -> c.offer(heap, -1, 1)),
                throwing(IndexOutOfBoundsException.class, () -> c.offer(heap, 0, -1)),
                throwing(IndexOutOfBoundsException.class, () -> c.offer(heap, 0, 101)),
                throwing(IndexOutOfBoundsException.class, () -> c.offer(heap, 100, 1)),
                throwing(IndexOutOfBoundsException.class, () -> c.offer(heap, Long.MAX_VALUE, 1)));
        assertUntouched();
    }

    @Test
    @DisplayName("3: unknown flags, and a source that cannot be read, throw")
    void shouldThrowAndLiveWhenFlagsOrSourcesAreMistaken() throws IOException {
        needs(Operation.WRITE);
        prepare(Right.values());
        MemorySegment dead;
        try (Arena arena = Arena.ofConfined()) {
            dead = arena.allocate(8);
        }
        for (int flags : new int[]{8, 1 << 31, -1}) {
            assertAll("flags " + flags,
                    throwing(IllegalArgumentException.class, () -> c.send(local, 0, 8, 1, flags)),
                    throwing(IllegalArgumentException.class, () -> c.write(local, 0, remote, 0, 8, 1, flags)));
        }
        assertAll(throwing(IllegalStateException.class, () -> c.offer(dead, 0, 8)));
        assertUntouched();
    }

    @Test
    @DisplayName("3: ranges outside a local or imported region throw")
    void shouldThrowAndLiveWhenRangesAreOutside() throws IOException {
        needs(Operation.WRITE);
        needs(Operation.READ);
        prepare(Right.values());
        long[][] wrong = {{-1, 1}, {0, -1}, {0, BYTES + 1}, {BYTES, 1}, {1, BYTES}, {Long.MAX_VALUE, 1},
            {1, Long.MAX_VALUE}, {Long.MIN_VALUE, 1}};
        for (long[] range : wrong) {
            long at = range[0];
            long n = range[1];
            assertAll("offset " + at + " length " + n,
                    throwing(IndexOutOfBoundsException.class, () -> c.write(local, at, remote, 0, n, 1, 0)),
                    throwing(IndexOutOfBoundsException.class, () -> c.write(local, 0, remote, at, n, 1, 0)),
                    throwing(IndexOutOfBoundsException.class, () -> c.read(local, at, remote, 0, n, 1, 0)),
                    throwing(IndexOutOfBoundsException.class, () -> c.read(local, 0, remote, at, n, 1, 0)),
                    throwing(IndexOutOfBoundsException.class,
                            () -> c.writeWithImmediate(local, 0, remote, at, n, 7, 1, 0)));
        }
        assertAll(throwing(IndexOutOfBoundsException.class, () -> c.send(local, BYTES, 1, 1, 0)),
                throwing(IndexOutOfBoundsException.class, () -> c.send(local, -1, 1, 1, 0)),
                throwing(IndexOutOfBoundsException.class, () -> c.send(local, 0, -1, 1, 0)),
                throwing(IndexOutOfBoundsException.class, () -> c.send(local, 1, BYTES, 1, 0)));
        assertUntouched();
    }

    @Test
    @DisplayName("3: null, where a region must be, throws")
    void shouldThrowAndLiveWhenRegionsAreNull() throws IOException {
        needs(Operation.WRITE);
        needs(Operation.READ);
        prepare(Right.values());
        assertAll(throwing(NullPointerException.class, () -> c.write(null, 0, remote, 0, 8, 1, 0)),
                throwing(NullPointerException.class, () -> c.write(local, 0, null, 0, 8, 1, 0)),
                throwing(NullPointerException.class, () -> c.write(null, remote, 0, 1, 0)),
                throwing(NullPointerException.class, () -> c.read(null, 0, remote, 0, 8, 1, 0)),
                throwing(NullPointerException.class, () -> c.read(local, 0, null, 0, 8, 1, 0)),
                throwing(NullPointerException.class, () -> c.send((MemoryRegion) null, 0, 8, 1, 0)),
                throwing(NullPointerException.class, () -> c.send((GatherList) null, 1, 0)),
                throwing(NullPointerException.class, () -> c.writeWithImmediate(null, 0, remote, 0, 8, 5, 1, 0)),
                throwing(NullPointerException.class, () -> c.fetchAndAdd(null, 0, 1, 1, 0)),
                throwing(NullPointerException.class, () -> c.compareAndSwap(null, 0, 0, 1, 1, 0)));
        assertUntouched();
    }

    @Test
    @DisplayName("3: misaligned and outlying atomics throw")
    void shouldThrowAndLiveWhenAtomicsAreMisplaced() throws IOException {
        needs(Operation.FETCH_AND_ADD);
        needs(Operation.COMPARE_AND_SWAP);
        prepare(Right.values());
        for (long offset : new long[]{1, 4, 7, BYTES - 9}) {
            assertAll("offset " + offset,
                    throwing(IllegalArgumentException.class, () -> c.fetchAndAdd(remote, offset, 1, 1, 0)),
                    throwing(IllegalArgumentException.class, () -> c.compareAndSwap(remote, offset, 0, 1, 1, 0)));
        }
        for (long offset : new long[]{-8, BYTES, BYTES * 8L}) {
            assertAll("offset " + offset,
                    throwing(IndexOutOfBoundsException.class, () -> c.fetchAndAdd(remote, offset, 1, 1, 0)),
                    throwing(IndexOutOfBoundsException.class, () -> c.compareAndSwap(remote, offset, 0, 1, 1, 0)));
        }
        assertUntouched();
    }

    @Test
    @DisplayName("3: an operation that the grant does not include throws")
    void shouldThrowAndLiveWhenTheRightIsMissing() throws IOException {
        prepare(Right.READ);
        assertEquals(Set.of(Right.READ), remote.rights());
        assertAll(throwing(IllegalArgumentException.class, () -> c.write(local, 0, remote, 0, 8, 1, 0)),
                throwing(IllegalArgumentException.class,
                        () -> c.writeWithImmediate(local, 0, remote, 0, 8, 1, 1, 0)),
                throwing(IllegalArgumentException.class, () -> c.fetchAndAdd(remote, 0, 1, 1, 0)),
                throwing(IllegalArgumentException.class, () -> c.compareAndSwap(remote, 0, 0, 1, 1, 0)));
        RemoteRegion writeOnly = link.farMemory(64, Right.WRITE).remote();
        assertAll(throwing(IllegalArgumentException.class, () -> c.read(local, 0, writeOnly, 0, 8, 1, 0)));
        assertUntouched();
    }

    @Test
    @DisplayName("3: a closed region, another transport's region and another connection's import throw")
    void shouldThrowAndLiveWhenRegionsAreClosedOrForeign() throws IOException {
        needs(Operation.WRITE);
        prepare(Right.values());
        MemoryRegion closed = rig().memory(64);
        closed.close();
        RemoteRegion othersRemote = rig().link().farMemory(64, Right.values()).remote();
        RemoteRegion forgotten = link.farMemory(64, Right.values()).remote();
        forgotten.close();
        try (Transport other = Sluice.open(subject().open(), subject().settings().options(rig().scheme()));
                MemoryRegion foreign = other.allocate(64, Options.none())) {
            assertAll(throwing(IllegalStateException.class, () -> c.write(closed, 0, remote, 0, 8, 1, 0)),
                    throwing(IllegalStateException.class, () -> c.send(closed, 0, 8, 1, 0)),
                    throwing(IllegalStateException.class, () -> c.read(closed, 0, remote, 0, 8, 1, 0)),
                    throwing(IllegalStateException.class, () -> c.grant(closed, 0, 8, Set.of(Right.READ))),
                    throwing(IllegalStateException.class, () -> c.write(local, 0, forgotten, 0, 8, 1, 0)),
                    throwing(IllegalArgumentException.class, () -> c.write(foreign, 0, remote, 0, 8, 1, 0)),
                    throwing(IllegalArgumentException.class, () -> c.send(foreign, 0, 8, 1, 0)),
                    throwing(IllegalArgumentException.class, () -> c.grant(foreign, 0, 8, Set.of(Right.READ))),
                    throwing(IllegalArgumentException.class, () -> c.write(local, 0, othersRemote, 0, 8, 1, 0)));
        }
        assertUntouched();
    }

    @Test
    @DisplayName("3: impossible grants throw")
    void shouldThrowAndLiveWhenGrantsMakeNoSense() throws IOException {
        prepare(Right.values());
        assertAll(throwing(NullPointerException.class, () -> c.grant(null, 0, 8, Set.of(Right.READ))),
                throwing(IllegalArgumentException.class, () -> c.grant(local, 0, 8, Set.of())),
                throwing(IllegalArgumentException.class, () -> c.grant(local, 0, 0, Set.of(Right.READ))),
                throwing(IndexOutOfBoundsException.class, () -> c.grant(local, 1, BYTES, Set.of(Right.READ))),
                throwing(IndexOutOfBoundsException.class, () -> c.grant(local, -1, 8, Set.of(Right.READ))));
        assertUntouched();
    }

    @Test
    @DisplayName("3: posting with a claim open throws, and the claim stays good")
    void shouldThrowWhenAClaimIsOpen() throws IOException {
        prepare(Right.values());
        BufferClaim claim = c.newClaim();
        link.post("claim", () -> c.tryClaim(8, claim));
        assertAll(throwing(IllegalStateException.class, () -> c.write(local, 0, remote, 0, 8, 1, 0)),
                throwing(IllegalStateException.class, () -> c.send(local, 0, 8, 1, 0)),
                throwing(IllegalStateException.class, () -> c.offer(local.segment(), 0, 8)));
        claim.abort();
        assertUntouched();
    }

    @Test
    @DisplayName("3, 10: before onConnect every post answers NOT_CONNECTED; onConnect comes first")
    void shouldAnswerNotConnectedWhenOnConnectWasNotDelivered() throws IOException {
        link = rig().connect(Settings.none(), Settings.none());
        c = link.near();
        local = rig().memory(64);
        BufferClaim claim = c.newClaim();
        link.call("post", "op", "offer", "r", rig().far().call("allocate", "t", rig().farTransport(), "bytes", 64)
                .text("r"), "length", 5);
        assertEquals(Results.NOT_CONNECTED, c.offer(local.segment(), 0, 8));
        assertEquals(Results.NOT_CONNECTED, c.tryClaim(8, claim));
        assertEquals(Results.NOT_CONNECTED, c.send(local, 0, 8, 1, 0));
        assertEquals(Results.NOT_CONNECTED, c.writeWithImmediate(null, 0, null, 0, 0, 1, 1, 0));
        link.becomeReady();
        assertEquals(Kind.CONNECT, rig().recorder().events().getFirst().kind());
        assertEquals(0, c.diagnostics().sentPosition());
        link.proveAlive();
    }

    @Test
    @DisplayName("3: after the end every post answers CLOSED")
    void shouldAnswerClosedWhenTheConnectionHasEnded() throws IOException {
        needs(Operation.WRITE);
        needs(Operation.READ);
        needs(Operation.FETCH_AND_ADD);
        prepare(Right.values());
        c.close();
        rig().pumpUntil("onDisconnect", () -> rig().recorder().count(Kind.DISCONNECT, c) == 1);
        BufferClaim claim = c.newClaim();
        Map<String, LongSupplier> posts = new LinkedHashMap<>();
        posts.put("offer", () -> c.offer(local.segment(), 0, 8));
        posts.put("claim", () -> c.tryClaim(8, claim));
        posts.put("send", () -> c.send(local, 0, 8, 1, 0));
        posts.put("write", () -> c.write(local, 0, remote, 0, 8, 1, 0));
        posts.put("immediate", () -> c.writeWithImmediate(null, 0, null, 0, 0, 1, 1, 0));
        posts.put("read", () -> c.read(local, 0, remote, 0, 8, 1, 0));
        posts.put("add", () -> c.fetchAndAdd(remote, 0, 1, 1, 0));
        posts.put("flush", c::flush);
        posts.put("shutdownOutput", c::shutdownOutput);
        posts.forEach((what, post) -> assertEquals(Results.CLOSED, post.getAsLong(), what));
    }

    @Test
    @DisplayName("3: what is not offered answers UNSUPPORTED")
    void shouldAnswerUnsupportedWhenAnOperationIsNotOffered() throws IOException {
        prepare(Right.values());
        Map<Operation, LongSupplier> posts = new EnumMap<>(Operation.class);
        posts.put(Operation.SEND, () -> c.send(local, 0, 8, 1, 0));
        posts.put(Operation.WRITE, () -> c.write(local, 0, remote, 0, 8, 1, 0));
        posts.put(Operation.WRITE_WITH_IMMEDIATE, () -> c.writeWithImmediate(local, 0, remote, 0, 8, 1, 1, 0));
        posts.put(Operation.READ, () -> c.read(local, 0, remote, 0, 8, 1, 0));
        posts.put(Operation.FETCH_AND_ADD, () -> c.fetchAndAdd(remote, 0, 1, 1, 0));
        posts.put(Operation.COMPARE_AND_SWAP, () -> c.compareAndSwap(remote, 0, 0, 1, 1, 0));
        posts.keySet().removeIf(rig().capabilities()::supports);
        Assumptions.assumeFalse(posts.isEmpty(), "the transport offers all of them");
        posts.forEach((what, post) -> assertEquals(Results.UNSUPPORTED, post.getAsLong(), what.name()));
    }

    private void prepare(Right... rights) throws IOException {
        link = rig().link();
        c = link.near();
        local = rig().memory(BYTES);
        far = link.farMemory(BYTES, rights);
        remote = far.remote();
        far.fill(0, BYTES, 5);
        sumBefore = far.checksum(0, BYTES);
    }

    private void assertUntouched() {
        assertEquals(0, c.diagnostics().outstandingOperations());
        assertEquals(0, c.diagnostics().sentPosition());
        link.proveAlive();
        assertEquals(1, link.farCount("messages"));
        assertEquals(0, link.farCount("immediates"));
        assertEquals(sumBefore, far.checksum(0, BYTES));
        assertTrue(rig().recorder().all(Kind.COMPLETION).isEmpty());
        // Nothing stayed in use by what was refused.
        local.close();
    }

    private static Executable throwing(Class<? extends RuntimeException> type, Executable mistake) {
        return () -> assertThrows(type, mistake);
    }
}
