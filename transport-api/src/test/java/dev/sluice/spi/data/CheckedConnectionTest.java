package dev.sluice.spi.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.BufferClaim;
import dev.sluice.Connection;
import dev.sluice.GatherList;
import dev.sluice.RemoteRegion;
import dev.sluice.Results;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.Status;
import dev.sluice.spi.EncodedGrant;
import dev.sluice.spi.NativeRegion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Set;

final class CheckedConnectionTest {
    private static final long LENGTH = 256;

    private final FakeConnection connection = new FakeConnection();
    private NativeRegion region;
    private RemoteRegion remote;

    @BeforeEach
    void prepare() throws SluiceException {
        region = NativeRegion.allocate(FakeConnection.TRANSPORT, LENGTH, 8, closed -> {});
        remote = imported(EnumSet.allOf(Right.class), FakeConnection.PEER_ID);
    }

    @AfterEach
    void shouldLeaveNoMemoryInUse() {
        connection.ops.completeAll(Status.FLUSHED);
        region.close();
    }

    @Test
    void shouldFillTheSlotWhenAccepted() {
        assertThat(connection.write(region, 8, remote, 16, 100, 42, Connection.FENCE)).isZero();
        assertThat(connection.calls).containsExactly("begin 2 100", "post 0", "leave");
        OperationTable ops = connection.ops;
        assertThat(ops.kind[0]).isEqualTo(OperationTable.WRITE);
        assertThat(ops.cookie[0]).isEqualTo(42);
        assertThat(ops.flags[0]).isEqualTo(Connection.FENCE);
        assertThat(ops.remote[0]).isSameAs(remote);
        assertThat(ops.remoteOffset[0]).isEqualTo(16);
        assertThat(ops.pieceAddress[0]).isEqualTo(region.segment().address() + 8);
        assertThat(ops.pieceLength[0]).isEqualTo(100);
    }

    @Test
    void shouldCarryTheOperandsWhenImmediateOrAtomic() {
        assertThat(connection.writeWithImmediate(null, 0, null, 0, 0, -7, 1, 0)).isZero();
        assertThat(connection.compareAndSwap(remote, 8, 3, 4, 2, 0)).isZero();
        assertThat(connection.ops.operandA).startsWith(-7, 3);
        assertThat(connection.ops.operandB[1]).isEqualTo(4);
        assertThat(connection.ops.pieces[0]).isZero();
    }

    @Test
    void shouldGiveMemoryBackWhenRefused() {
        connection.refusal = Results.BACK_PRESSURED;
        GatherList list = new GatherList(3).add(region, 0, 10).add(region, 20, 10);
        assertThat(connection.write(region, 0, remote, 0, 8, 1, 0)).isEqualTo(Results.BACK_PRESSURED);
        assertThat(connection.write(list, remote, 0, 1, 0)).isEqualTo(Results.BACK_PRESSURED);
        assertThat(connection.read(region, 0, remote, 0, 8, 1, 0)).isEqualTo(Results.BACK_PRESSURED);
        assertThat(connection.calls).containsExactly("begin 2 8", "begin 2 20", "begin 4 8");
        region.close();
    }

    @Test
    void shouldThrowBeforeAnythingIsPostedWhenTheCallerIsMistaken() throws SluiceException {
        NativeRegion foreign = NativeRegion.allocate("another transport", 64, 8, closed -> {});
        RemoteRegion readOnly = imported(Set.of(Right.READ), FakeConnection.PEER_ID);
        RemoteRegion others = new FakeConnection().importRegion(encoded(Set.of(Right.WRITE), FakeConnection.PEER_ID),
                0);
        RemoteRegion closed = imported(Set.of(Right.WRITE), FakeConnection.PEER_ID);
        closed.close();
        mistaken(IllegalArgumentException.class, () -> connection.write(foreign, 0, remote, 0, 8, 1, 0));
        mistaken(IllegalArgumentException.class, () -> connection.write(region, 0, readOnly, 0, 8, 1, 0));
        mistaken(IllegalArgumentException.class, () -> connection.write(region, 0, others, 0, 8, 1, 0));
        mistaken(IllegalStateException.class, () -> connection.write(region, 0, closed, 0, 8, 1, 0));
        mistaken(NullPointerException.class, () -> connection.write(null, 0, remote, 0, 8, 1, 0));
        mistaken(NullPointerException.class, () -> connection.write(region, 0, null, 0, 8, 1, 0));
        mistaken(IndexOutOfBoundsException.class, () -> connection.write(region, 1, remote, 0, LENGTH, 1, 0));
        mistaken(IndexOutOfBoundsException.class, () -> connection.write(region, 0, remote, 1, LENGTH, 1, 0));
        mistaken(IndexOutOfBoundsException.class, () -> connection.write(region, 0, remote, 0, -1, 1, 0));
        mistaken(IllegalArgumentException.class, () -> connection.write(region, 0, remote, 0, 8, 1, 1 << 20));
        mistaken(IllegalArgumentException.class, () -> connection.fetchAndAdd(remote, 4, 1, 1, 0));
        mistaken(NullPointerException.class, () -> connection.writeFromFile(null, 0, 8, remote, 0, 1, 0));
        foreign.close();
        region.close();
        mistaken(IllegalStateException.class, () -> connection.send(region, 0, 8, 1, 0));
    }

    @Test
    void shouldThrowBeforeAnythingIsOfferedWhenTheSourceCannotBeRead() {
        MemorySegment dead;
        try (Arena arena = Arena.ofConfined()) {
            dead = arena.allocate(8);
        }
        mistaken(IllegalStateException.class, () -> connection.offer(dead, 0, 8));
        mistaken(IndexOutOfBoundsException.class, () -> connection.offer(MemorySegment.ofArray(new byte[4]), 1, 4));
    }

    @Test
    void shouldNameWhatIsTooLarge() {
        assertThat(connection.tryClaim(65, connection.newClaim())).isEqualTo(Results.TOO_LARGE);
        assertThat(connection.offer(MemorySegment.ofArray(new byte[101]), 0, 101)).isEqualTo(Results.TOO_LARGE);
        assertThat(connection.send(region, 0, 101, 1, 0)).isEqualTo(Results.TOO_LARGE);
        assertThat(connection.calls).isEmpty();
    }

    @Test
    void shouldRefuseToPostWhileAClaimIsOpen() {
        BufferClaim claim = connection.newClaim();
        assertThat(connection.tryClaim(8, claim)).isZero();
        connection.calls.clear();
        mistaken(IllegalStateException.class, () -> connection.tryClaim(8, connection.newClaim()));
        mistaken(IllegalStateException.class, () -> connection.write(region, 0, remote, 0, 8, 1, 0));
        mistaken(IllegalStateException.class, connection::shutdownOutput);
        claim.close();
        assertThat(connection.calls).containsExactly("abortClaim");
        assertThatThrownBy(claim::commit).isInstanceOf(IllegalStateException.class);
        mistaken(IllegalArgumentException.class, () -> new FakeConnection().tryClaim(8, claim));
        assertThat(connection.tryClaim(8, claim)).isZero();
        assertThat(claim.commit()).isZero();
        assertThat(connection.calls).endsWith("openClaim 8", "commitClaim 8");
    }

    @Test
    void shouldCheckGrantsAndImports() {
        connection.calls.clear();
        mistakenGrant(0, 0, Set.of(Right.READ));
        mistakenGrant(0, 8, Set.of());
        mistakenGrant(4, 8, Set.of(Right.ATOMIC));
        assertThat(connection.calls).isEmpty();
        assertThatThrownBy(() -> imported(Set.of(Right.READ), FakeConnection.PEER_ID + 1))
                .isInstanceOf(SluiceException.class).hasMessageContaining("another connection");
    }

    private void mistakenGrant(long offset, long length, Set<Right> rights) {
        assertThatThrownBy(() -> connection.grant(region, offset, length, rights))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void mistaken(Class<? extends RuntimeException> expected, Runnable call) {
        int before = connection.calls.size();
        assertThatThrownBy(call::run).isInstanceOf(expected);
        assertThat(connection.calls).hasSize(before);
        assertThat(connection.ops.outstanding()).isZero();
    }

    private RemoteRegion imported(Set<Right> rights, long by) throws SluiceException {
        return connection.importRegion(encoded(rights, by), 0);
    }

    private static MemorySegment encoded(Set<Right> rights, long by) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[RemoteRegion.ENCODED_BYTES]);
        new EncodedGrant(by, 9, 0, LENGTH, 0, rights).encode("test", bytes, 0);
        return bytes;
    }
}
