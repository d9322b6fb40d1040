package dev.sluice.shm.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Grant;
import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.internal.linux.AsymmetricFence;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.shm.memory.Grants.PeerState;
import dev.sluice.spi.EncodedGrant;
import dev.sluice.spi.NativeRegion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A peer that is frozen in the middle of a copy: played by a note that stays, and by stores into its mapping. */
class RevocationTest {

    private static final int RING = 64 << 10;
    private static final int PAGE = 4096;
    private static final long BYTES = 16L * PAGE;
    private static final int[] RINGS = {RING, RING};

    private final NativeContext ctx = new NativeContext();
    private final Object transport = new Object();
    private final SharedRegions regions = new SharedRegions(transport);
    private ConnectionMemory owner;
    private ConnectionMemory initiator;
    private Grants grants;
    private MemoryRegion region;
    private ShmRemoteRegion imported;

    @BeforeEach
    void prepare() throws IOException {
        ConnectionMemory.Made made = ConnectionMemory.make(ctx, RINGS, new long[2]);
        owner = made.memory();
        initiator = ConnectionMemory.open(ctx, made.fd(), RINGS);
        FileDescriptors.close(ctx, made.fd());
        grants = new Grants(owner, 1);
        region = regions.allocate(BYTES, Options.none());
    }

    @AfterEach
    void close() {
        if (imported != null) {
            imported.close();
        }
        for (ConnectionMemory each : new ConnectionMemory[]{owner, initiator}) {
            each.release();
            each.release();
        }
    }

    @Test
    void shouldReturnAtOnceWhenNobodyIsThere() throws IOException {
        Grant grant = grant(0, BYTES);
        imported = importIt(grant);
        grant.close();
        assertThat(new Access(initiator, ConnectionMemory.POLLER_ACCESS).enter(imported, 0, 8)).isFalse();
        region.close();
    }

    /** A note that was in a processor's store buffer when the owner looked first, whose kernel had overlooked that processor. */
    @Test
    void shouldWaitForAnAccessWhoseNoteIsSeenLate() throws Exception {
        long lateNs = 300_000L;
        boolean inTime = false;
        while (!inTime) {
            Grant grant = grant(0, BYTES);
            long key = initiator.theirGrant(0);
            long note = initiator.mine() + ConnectionMemory.POLLER_ACCESS;
            CompletableFuture<long[]> access = CompletableFuture.supplyAsync(() -> {
                while ((long) ConnectionMemory.WORD.getVolatile(initiator.all(), key) != 0) {
                    Thread.onSpinWait();
                }
                spin(lateNs);
                ConnectionMemory.WORD.setVolatile(initiator.all(), note, 1L);
                long notedNs = System.nanoTime();
                spin(5 * AsymmetricFence.SETTLED_NS);
                long leftNs = System.nanoTime();
                ConnectionMemory.WORD.setVolatile(initiator.all(), note, 0L);
                return new long[]{notedNs, leftNs};
            });
            long beganNs = System.nanoTime();
            grant.close();
            long closedNs = System.nanoTime();
            long[] notedAndLeftNs = access.get(10, TimeUnit.SECONDS);
            inTime = notedAndLeftNs[0] - beganNs < AsymmetricFence.SETTLED_NS;
            assertThat(!inTime || closedNs - notedAndLeftNs[1] > 0).as("closed after the access").isTrue();
        }
        region.close();
    }

    private static void spin(long ns) {
        long beganNs = System.nanoTime();
        while (System.nanoTime() - beganNs < ns) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldChangeNoByteOfTheOwnersWhenThePeerThawsAfterTheGrantIsClosed() throws IOException {
        Grant grant = grant(0, BYTES);
        imported = importIt(grant);
        Access access = new Access(initiator, ConnectionMemory.POLLER_ACCESS);
        assertThat(access.enter(imported, 3L * PAGE + 8, PAGE)).isTrue();
        fill(imported.memory(), 1);
        grant.close();
        fill(imported.memory(), 2);
        assertThat(access.leave(imported)).as("told that it was too late").isFalse();
        MemorySegment mine = region.segment();
        assertThat(mine.get(ValueLayout.JAVA_LONG, 3L * PAGE + 8)).isEqualTo(1);
        assertThat(mine.get(ValueLayout.JAVA_LONG, 4L * PAGE)).as("the last page it was at").isEqualTo(1);
        assertThatThrownBy(() -> grant(4L * PAGE, 8)).isInstanceOf(SluiceException.class)
                .hasMessageContaining("frozen");
        Grant elsewhere = grant(8L * PAGE, PAGE);
        elsewhere.close();
        region.close();
    }

    @Test
    void shouldLeaveTheOtherConnectionsMemoryAloneUntilItsGrantIsClosedWhenOneIsFrozen() throws IOException {
        ConnectionMemory.Made second = ConnectionMemory.make(ctx, RINGS, new long[2]);
        FileDescriptors.close(ctx, second.fd());
        Grants others = new Grants(second.memory(), 2);
        Grant alive = others.grant((NativeRegion) region, 0, BYTES, Set.of(Right.WRITE));
        Grant frozen = grant(0, PAGE);
        imported = importIt(frozen);
        Access access = new Access(initiator, ConnectionMemory.WORKER_ACCESS);
        assertThat(access.enter(imported, 0, PAGE)).isTrue();
        grants.endAll(PeerState.FROZEN);
        fill(imported.memory(), 5);
        assertThat(region.segment().get(ValueLayout.JAVA_LONG, 0)).as("still shared with the other").isEqualTo(5);
        alive.close();
        fill(imported.memory(), 6);
        assertThat(region.segment().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(5);
        region.close();
        second.memory().release();
        second.memory().release();
    }

    @Test
    void shouldTakeTheWholeGrantAwayWhenTheNoteMakesNoSense() throws IOException {
        Grant grant = grant(PAGE, 2L * PAGE);
        imported = importIt(grant);
        Access access = new Access(initiator, ConnectionMemory.POLLER_ACCESS);
        assertThat(access.enter(imported, Long.MAX_VALUE, Long.MAX_VALUE)).isTrue();
        grants.endAll(PeerState.FROZEN);
        fill(imported.memory(), 9);
        assertThat(region.segment().get(ValueLayout.JAVA_LONG, PAGE)).isZero();
        assertThat(region.segment().get(ValueLayout.JAVA_LONG, 2L * PAGE)).isZero();
        region.close();
    }

    @Test
    void shouldRefuseWhenMemoryIsTheUsersOwnOrTheGrantWasAltered() throws IOException {
        MemoryRegion own = regions.register(Arena.ofAuto().allocate(PAGE, 8));
        assertThatThrownBy(() -> grants.grant((NativeRegion) own, 0, 8, Set.of(Right.READ)))
                .isInstanceOf(SluiceException.class).hasMessageContaining("register");
        Grant grant = grant(0, PAGE);
        MemorySegment bytes = MemorySegment.ofArray(new byte[64]);
        grant.encode(bytes, 0);
        bytes.set(ValueLayout.JAVA_LONG_UNALIGNED, 40, PAGE + 1L);
        assertThatThrownBy(() -> importIt(EncodedGrant.decode("shm", bytes, 0))).isInstanceOf(IOException.class)
                .hasMessageContaining("altered");
    }

    private Grant grant(long offset, long length) throws SluiceException {
        return grants.grant((NativeRegion) region, offset, length, Set.of(Right.WRITE, Right.READ));
    }

    private ShmRemoteRegion importIt(Grant grant) throws IOException {
        MemorySegment bytes = MemorySegment.ofArray(new byte[64]);
        grant.encode(bytes, 0);
        return importIt(EncodedGrant.decode("shm", bytes, 0));
    }

    private ShmRemoteRegion importIt(EncodedGrant encoded) throws IOException {
        GrantedMemory[] granted = new GrantedMemory[1];
        grants.answer(encoded.key(), (int) encoded.extra(), memory -> granted[0] = memory);
        return ShmRemoteRegion.map(ctx, transport, encoded, granted[0], initiator.peerFences(), closed -> {});
    }

    private static void fill(MemorySegment memory, long value) {
        for (long at = 0; at < memory.byteSize(); at += 8) {
            memory.set(ValueLayout.JAVA_LONG, at, value);
        }
    }
}
