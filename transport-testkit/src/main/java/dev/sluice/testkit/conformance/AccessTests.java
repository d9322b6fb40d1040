package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.RemoteRegion;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.Status;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Recorder.Event;
import dev.sluice.testkit.conformance.Recorder.Kind;
import dev.sluice.testkit.peer.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** Line 9 of the contract: access control. Every test keeps a second connection, which must stay well. */
@DisplayName("9 access control")
public abstract class AccessTests extends Theme {

    private static final long SEED = 909;
    /** The far region; the middle of it is granted. */
    private static final int REGION = 48 << 10;
    private static final int GRANTED_FROM = 16 << 10;
    private static final int GRANTED = 16 << 10;
    /** Where an encoded grant keeps its rights and its length. */
    private static final int RIGHTS_AT = 6;
    private static final int LENGTH_AT = 40;
    private static final Set<Status> REFUSED = Set.of(Status.REMOTE_ACCESS_ERROR, Status.REMOTE_ERROR,
            Status.FLUSHED);

    private Link bystander;
    private String region;
    private long sumBefore;

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected AccessTests(Subject subject) {
        super(subject);
    }

    @BeforeEach
    void prepare() throws IOException {
        needs(Operation.WRITE);
        needs(Operation.READ);
        bystander = rig().link();
        region = rig().far().call("allocate", "t", rig().farTransport(), "bytes", REGION).text("r");
        rig().far().call("fill", "r", region, "offset", 0, "length", REGION, "seed", SEED);
        sumBefore = sum();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x01, 0x80, 0xff})
    @DisplayName("9: whichever of the 64 bytes is altered, what was not granted is neither changed nor shown")
    void shouldRefuseWhenOneByteOfTheGrantIsAltered(int flip) throws IOException {
        MemoryRegion local = rig().memory(REGION);
        for (int i = 0; i < RemoteRegion.ENCODED_BYTES; i++) {
            Link link = rig().link();
            byte[] encoded = grant(link, Right.READ).encoded();
            encoded[i] ^= (byte) flip;
            Optional<RemoteRegion> altered = tryImport(link.near(), encoded);
            if (altered.isPresent()) {
                abuse(link, altered.get(), local, "byte " + i);
            }
            link.near().close();
            assertEquals(sumBefore, sum(), "byte " + i + " altered: the peer's memory changed");
        }
        bystander.proveAlive();
    }

    @ParameterizedTest
    @EnumSource(Right.class)
    @DisplayName("9: a right that was not granted is refused by the owner, also when the bytes claim it")
    void shouldRefuseWhenTheRightIsForged(Right claimed) throws IOException {
        if (claimed == Right.ATOMIC) {
            needs(Operation.FETCH_AND_ADD);
        }
        Link link = rig().link();
        Right granted = claimed == Right.READ ? Right.WRITE : Right.READ;
        byte[] encoded = grant(link, granted).encoded();
        encoded[RIGHTS_AT] = 7;
        MemoryRegion local = rig().memory(64);
        Pattern.fill(local.segment(), 0, 64, 1);
        Optional<RemoteRegion> forged = tryImport(link.near(), encoded);
        if (forged.isPresent()) {
            RemoteRegion to = forged.get();
            assertRefused(link, 5, () -> switch (claimed) {
                case READ -> link.near().read(local, 0, to, 0, 64, 5, 0);
                case WRITE -> link.near().write(local, 0, to, 0, 64, 5, 0);
                case ATOMIC -> link.near().fetchAndAdd(to, 0, 1, 5, 0);
            });
        }
        assertEquals(0, Pattern.mismatches(local.segment(), 0, 64, 1), "what may not be read was shown");
        assertUnchanged();
    }

    @ParameterizedTest
    @ValueSource(strings = {"write", "read", "immediate"})
    @DisplayName("9: an access that begins inside and ends one byte beyond the grant is refused as a whole")
    void shouldRefuseWhenTheAccessEndsOneByteBeyond(String operation) throws IOException {
        Link link = rig().link();
        byte[] encoded = grant(link, Right.READ, Right.WRITE).encoded();
        // 16 KiB: the low byte is 0, so this makes it one byte longer.
        encoded[LENGTH_AT]++;
        MemoryRegion local = rig().memory(REGION);
        Optional<RemoteRegion> longer = tryImport(link.near(), encoded);
        if (longer.isPresent()) {
            RemoteRegion to = longer.get();
            assertEquals(GRANTED + 1, to.lengthBytes());
            assertRefused(link, 5, () -> switch (operation) {
                case "write" -> link.near().write(local, 0, to, GRANTED - 99, 100, 5, 0);
                case "read" -> link.near().read(local, 0, to, GRANTED - 99, 100, 5, 0);
                default -> link.near().writeWithImmediate(local, 0, to, GRANTED - 99, 100, 1, 5, 0);
            });
        }
        assertEquals(0, link.farCount("immediates"));
        assertUnchanged();
    }

    @Test
    @DisplayName("9: an access that lies wholly behind the grant is refused")
    void shouldRefuseWhenTheAccessIsBehindTheGrant() throws IOException {
        Link link = rig().link();
        byte[] encoded = grant(link, Right.WRITE).encoded();
        encoded[LENGTH_AT + 1] = (byte) 0x80;
        MemoryRegion local = rig().memory(64);
        Optional<RemoteRegion> longer = tryImport(link.near(), encoded);
        if (longer.isPresent()) {
            assertRefused(link, 5, () -> link.near().write(local, 0, longer.get(), GRANTED, 64, 5, 0));
        }
        assertUnchanged();
    }

    @Test
    @DisplayName("9: offsets of an import begin where the grant begins, and its ends can be used fully")
    void shouldReachExactlyTheGrantedRangeWhenUsingItsEnds() throws IOException {
        Link link = rig().link();
        FarMemory far = grant(link, Right.READ, Right.WRITE);
        MemoryRegion local = rig().memory(GRANTED);
        Pattern.fill(local.segment(), 0, GRANTED, 77);
        assertEquals(GRANTED, far.remote().lengthBytes());
        assertEquals(Set.of(Right.READ, Right.WRITE), far.remote().rights());
        link.complete("write", 1, () -> link.near().write(local, 0, far.remote(), 0, GRANTED, 1, 0));
        assertAll(() -> assertEquals(0, far.mismatches(GRANTED_FROM, GRANTED, 77)),
                () -> assertEquals(0, far.mismatches(0, GRANTED_FROM, SEED)),
                () -> assertEquals(0, far.mismatchesFrom(GRANTED_FROM + GRANTED, GRANTED_FROM + GRANTED,
                        REGION - GRANTED_FROM - GRANTED, SEED)));
        link.complete("last byte", 2, () -> link.near().read(local, 0, far.remote(), GRANTED - 1, 1, 2, 0));
        link.proveAlive();
    }

    @Test
    @DisplayName("9: after revocation no byte changes; the one connection ends on both sides with the reason")
    void shouldEndTheConnectionWhenARevokedGrantIsUsed() throws IOException {
        Link link = rig().link();
        FarMemory far = grant(link, Right.WRITE);
        MemoryRegion local = rig().memory(GRANTED);
        link.complete("write", 1, () -> link.near().write(local, 0, far.remote(), 0, GRANTED, 1, 0));
        sumBefore = sum();
        far.revoke();
        Pattern.fill(local.segment(), 0, GRANTED, 78);
        assertEquals(Status.REMOTE_ACCESS_ERROR,
                assertRefused(link, 2, () -> link.near().write(local, 0, far.remote(), 0, GRANTED, 2, 0)));
        assertEquals(DisconnectReason.ACCESS_REFUSED_BY_PEER, nearReason(link));
        bystander.farUntil("connects", 1);
        link.farUntil("disconnects", 1);
        assertEquals(DisconnectReason.ACCESS_VIOLATION_BY_PEER.name(), link.call("stats").text("reason"));
        assertTrue(!link.near().diagnostics().endedBecause().isEmpty());
        assertUnchanged();
    }

    @Test
    @DisplayName("9: when a grant's close has returned, no byte changes any more, also not by a write under way")
    void shouldChangeNoByteWhenAWriteRunsIntoARevocation() throws IOException {
        Link link = rig().link();
        long bytes = 32 << 20;
        FarMemory far = link.farMemory(bytes, Right.WRITE);
        MemoryRegion local = rig().memory(bytes);
        Pattern.fill(local.segment(), 0, bytes, 79);
        assertTrue(link.near().write(local, 0, far.remote(), 0, bytes, 1, 0) >= 0);
        for (int i = 0; i < 3; i++) {
            rig().poll();
        }
        far.revoke();
        long afterRevocation = far.checksum(0, bytes);
        Event end = link.completion(1);
        if (end.status() != Status.OK) {
            rig().pumpUntil("onDisconnect", () -> rig().recorder().count(Kind.DISCONNECT, link.near()) == 1);
        }
        assertEquals(afterRevocation, far.checksum(0, bytes));
        assertUnchanged();
    }

    @Test
    @DisplayName("9: a grant is good on its connection only: another live connection is refused")
    void shouldRefuseWhenTheGrantIsOfAnotherConnection() throws IOException {
        Link owner = rig().link();
        Link thief = rig().link();
        FarMemory far = grant(owner, Right.WRITE);
        MemoryRegion local = rig().memory(64);
        // Known to the owner's transport by use, the key is no better in other hands.
        owner.complete("write", 4, () -> owner.near().write(local, 0, far.remote(), 0, 64, 4, 0));
        sumBefore = sum();
        Pattern.fill(local.segment(), 0, 64, 81);
        Optional<RemoteRegion> stolen = tryImport(thief.near(), far.encoded());
        if (stolen.isPresent()) {
            assertRefused(thief, 5, () -> thief.near().write(local, 0, stolen.get(), 0, 64, 5, 0));
        }
        assertUnchanged();
        Pattern.fill(local.segment(), 0, 64, 80);
        owner.complete("write", 6, () -> owner.near().write(local, 0, far.remote(), 0, 64, 6, 0));
        assertEquals(0, far.mismatches(GRANTED_FROM, 64, 80));
        owner.proveAlive();
    }

    @Test
    @DisplayName("9: a grant of a connection that has ended is refused on its successor")
    void shouldRefuseWhenTheGrantIsStale() throws IOException {
        Link former = rig().link();
        FarMemory far = grant(former, Right.WRITE);
        byte[] encoded = far.encoded();
        MemoryRegion local = rig().memory(64);
        former.complete("write", 4, () -> former.near().write(local, 0, far.remote(), 0, 64, 4, 0));
        sumBefore = sum();
        Pattern.fill(local.segment(), 0, 64, 81);
        former.near().close();
        former.farUntil("disconnects", 1);
        Link link = rig().link();
        Optional<RemoteRegion> stale = tryImport(link.near(), encoded);
        if (stale.isPresent()) {
            assertRefused(link, 5, () -> link.near().write(local, 0, stale.get(), 0, 64, 5, 0));
        }
        assertUnchanged();
    }

    @Test
    @DisplayName("9: an immediate whose write is refused is not delivered")
    void shouldDeliverNoImmediateWhenItsWriteIsRefused() throws IOException {
        needs(Operation.WRITE_WITH_IMMEDIATE);
        Link link = rig().link();
        FarMemory far = grant(link, Right.WRITE);
        MemoryRegion local = rig().memory(64);
        far.revoke();
        assertRefused(link, 5, () -> link.near().writeWithImmediate(local, 0, far.remote(), 0, 64, 4, 5, 0));
        link.farUntil("disconnects", 1);
        assertEquals(0, link.farCount("immediates"));
        assertUnchanged();
    }

    private FarMemory grant(Link link, Right... rights) throws SluiceException {
        return new FarMemory(rig(), link, region, GRANTED_FROM, GRANTED, rights);
    }

    private static Optional<RemoteRegion> tryImport(Connection c, byte[] encoded) {
        try {
            return Optional.of(c.importRegion(MemorySegment.ofArray(encoded), 0));
        } catch (SluiceException e) {
            assertTrue(!e.getMessage().isEmpty());
            return Optional.empty();
        }
    }

    /** Does with an altered grant for reading what the true one does not allow. */
    private void abuse(Link link, RemoteRegion altered, MemoryRegion local, String what) {
        local.segment().fill((byte) 0x5a);
        if (altered.rights().contains(Right.WRITE)) {
            assertRefused(link, 5, () -> link.near().write(local, 0, altered, 0, 8, 5, 0));
        } else if (altered.rights().contains(Right.ATOMIC)) {
            assertRefused(link, 5, () -> link.near().fetchAndAdd(altered, 0, 1, 5, 0));
        } else if (altered.rights().contains(Right.READ) && altered.lengthBytes() > GRANTED) {
            assertRefused(link, 5, () -> link.near().read(local, 0, altered, GRANTED, 1, 5, 0));
            assertEquals(0x5a, local.segment().get(ValueLayout.JAVA_BYTE, 0), what);
        } else if (altered.rights().contains(Right.READ)) {
            readsNothingElse(link, altered, local, what);
        }
    }

    /** A shorter grant, or one altered where nobody looks, may still show what was granted, at its place. */
    private void readsNothingElse(Link link, RemoteRegion altered, MemoryRegion local, String what) {
        long n = Math.min(64, altered.lengthBytes());
        link.post(what, () -> link.near().read(local, 0, altered, 0, n, 5, 0));
        if (link.completion(5).status() == Status.OK) {
            assertEquals(0, Pattern.mismatchesFrom(local.segment(), 0, GRANTED_FROM, n, SEED),
                    () -> what + " altered: other bytes than the granted ones were shown");
        }
    }

    private Status assertRefused(Link link, long cookie, LongSupplier post) {
        link.post("the illegal operation", post);
        Event end = link.completion(cookie);
        assertTrue(REFUSED.contains(end.status()), () -> "the illegal operation ended with " + end);
        rig().pumpUntil("onDisconnect", () -> rig().recorder().count(Kind.DISCONNECT, link.near()) == 1);
        return end.status();
    }

    private DisconnectReason nearReason(Link link) {
        return rig().recorder().all(Kind.DISCONNECT).stream().filter(e -> e.connection() == link.near()).findFirst()
                .orElseThrow().reason();
    }

    private void assertUnchanged() {
        bystander.proveAlive();
        assertEquals(sumBefore, sum(), "the peer's memory changed");
    }

    private long sum() {
        return rig().far().call("checksum", "r", region, "offset", 0, "length", REGION).number("sum");
    }
}
