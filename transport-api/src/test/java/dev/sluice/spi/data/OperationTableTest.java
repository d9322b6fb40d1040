package dev.sluice.spi.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.SluiceException;
import dev.sluice.Status;
import dev.sluice.spi.NativeRegion;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

final class OperationTableTest {
    private final OperationTable ops = new OperationTable(3, 2);
    private final List<String> heard = new ArrayList<>();

    @Test
    void shouldTellInTheOrderOfEndingWhenOperationsComplete() {
        int first = ops.take(OperationTable.WRITE, 11, 0, 8);
        int second = ops.take(OperationTable.READ, 12, 0, 8);
        ops.complete(second, Status.OK, 8);
        ops.complete(first, Status.FLUSHED, 0);
        ops.complete(first, Status.OK, 8);
        assertThat(ops.outstanding()).isZero();
        assertThat(deliver(10)).isEqualTo(2);
        assertThat(heard).containsExactly("12 OK 8", "11 FLUSHED 0");
    }

    @Test
    void shouldFreeTheSlotBeforeItsHandlerRuns() {
        for (int i = 0; i < 3; i++) {
            ops.take(OperationTable.SEND, i, 0, 1);
        }
        assertThat(ops.hasFree()).isFalse();
        ops.complete(1, Status.OK, 1);
        assertThat(ops.hasFree()).as("before its completion is delivered").isFalse();
        ops.deliver(null, new Heard() {
            @Override
            public void onCompletion(Connection connection, long cookie, Status status, long result) {
                assertThat(ops.hasFree()).isTrue();
                super.onCompletion(connection, cookie, status, result);
            }
        }, 1);
        assertThat(heard).hasSize(1);
    }

    @Test
    void shouldStaySilentOnlyWhenASilentOperationSucceeds() {
        ops.complete(ops.take(OperationTable.WRITE, 1, Connection.NO_COMPLETION, 8), Status.OK, 8);
        ops.complete(ops.take(OperationTable.WRITE, 2, Connection.NO_COMPLETION, 8), Status.TIMED_OUT, 0);
        assertThat(deliver(10)).isEqualTo(1);
        assertThat(heard).containsExactly("2 TIMED_OUT 0");
        assertThat(ops.hasFree()).isTrue();
    }

    @Test
    void shouldDeliverNoMoreThanTheLimit() {
        ops.complete(ops.take(OperationTable.WRITE, 1, 0, 8), Status.OK, 8);
        ops.complete(ops.take(OperationTable.WRITE, 2, 0, 8), Status.OK, 8);
        assertThat(deliver(1)).isEqualTo(1);
        assertThat(ops.hasCompleted()).isTrue();
        assertThat(deliver(1)).isEqualTo(1);
        assertThat(ops.hasCompleted()).isFalse();
    }

    @Test
    void shouldKeepMemoryInUseUntilTheOperationEnds() throws SluiceException {
        try (NativeRegion region = NativeRegion.allocate(this, 64, 8, closed -> {})) {
            region.acquire();
            int slot = ops.take(OperationTable.WRITE, 1, 0, 8);
            ops.addPiece(slot, region, 8, 8);
            assertThat(ops.pieceAddress[slot * 2]).isEqualTo(region.segment().address() + 8);
            assertThatThrownBy(region::close).isInstanceOf(IllegalStateException.class);
            ops.complete(slot, Status.OK, 8);
        }
        assertThat(ops.pieceRegion).containsOnlyNulls();
    }

    @Test
    void shouldWaitForEarlierFetchesOnlyWhenFenced() {
        int read = ops.take(OperationTable.READ, 1, 0, 8);
        int fenced = ops.take(OperationTable.WRITE, 2, Connection.FENCE, 8);
        int free = ops.take(OperationTable.WRITE, 3, 0, 8);
        assertThat(ops.fenced(fenced)).isTrue();
        assertThat(ops.fenced(free)).isFalse();
        ops.complete(read, Status.OK, 8);
        assertThat(ops.fenced(fenced)).isFalse();
    }

    @Test
    void shouldFindTheOldestDeadlineWhenSeveralPassed() {
        int forEver = ops.take(OperationTable.WRITE, 1, 0, 8);
        int late = ops.take(OperationTable.WRITE, 2, 0, 8);
        int early = ops.take(OperationTable.WRITE, 3, 0, 8);
        long now = nearlyOverflowing();
        ops.startClock(forEver, now, 0);
        ops.startClock(late, now, 20);
        ops.startClock(early, now, 10);
        assertThat(ops.overdue(now + 10)).isEqualTo(-1);
        assertThat(ops.overdue(now + 30)).isEqualTo(early);
        ops.complete(early, Status.TIMED_OUT, 0);
        assertThat(ops.overdue(now + 30)).isEqualTo(late);
    }

    @Test
    void shouldEndEverythingOnceWhenTheConnectionEnds() {
        ops.take(OperationTable.WRITE, 1, 0, 8);
        ops.complete(ops.take(OperationTable.WRITE, 2, 0, 8), Status.OK, 8);
        ops.take(OperationTable.WRITE, 3, 0, 8);
        ops.completeAll(Status.FLUSHED);
        assertThat(deliver(10)).isEqualTo(3);
        assertThat(heard).containsExactlyInAnyOrder("1 FLUSHED 0", "2 OK 8", "3 FLUSHED 0");
    }

    @Test
    void shouldTellNonsenseFromOperationsWhenAPeerNamesSlots() {
        int slot = ops.take(OperationTable.READ, 1, 0, 8);
        assertThat(ops.isActive(slot)).isTrue();
        assertThat(ops.isActive(-1)).isFalse();
        assertThat(ops.isActive(3)).isFalse();
        assertThat(ops.isActive(slot == 0 ? 1 : 0)).isFalse();
    }

    /** The time has no origin: it may overflow while an operation pends. */
    private static long nearlyOverflowing() {
        return Long.MAX_VALUE - 5;
    }

    private int deliver(int limit) {
        return ops.deliver(null, new Heard(), limit);
    }

    private class Heard implements CompletionHandler {

        @Override
        public Action onMessage(Connection connection, MemorySegment base, long offset, int length) {
            throw new AssertionError("no message");
        }

        @Override
        public void onCompletion(Connection connection, long cookie, Status status, long result) {
            heard.add(cookie + " " + status + " " + result);
        }

        @Override
        public void onDisconnect(Connection connection, DisconnectReason reason) {
            throw new AssertionError("no end");
        }
    }
}
