package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;

class GatherListTest {

    private final MemoryRegion region = new FakeRegion(100);

    @Test
    void shouldKeepPiecesInOrderWhenAdded() {
        GatherList list = new GatherList(3).add(region, 0, 100).add(region, 100, 0).add(region, 40, 7);
        assertThat(list.count()).isEqualTo(3);
        assertThat(list.totalBytes()).isEqualTo(107);
        assertThat(list.region(2)).isSameAs(region);
        assertThat(list.offset(2)).isEqualTo(40);
        assertThat(list.length(2)).isEqualTo(7);
    }

    @Test
    void shouldBeEmptyWhenCleared() {
        GatherList list = new GatherList(2).add(region, 1, 2).add(region, 1, 2).clear();
        assertThat(list.count()).isZero();
        assertThat(list.totalBytes()).isZero();
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> list.region(0));
        assertThat(list.add(region, 5, 6).totalBytes()).isEqualTo(6);
    }

    @Test
    void shouldStayAsItWasWhenAPieceIsRefused() {
        GatherList list = new GatherList(2).add(region, 0, 10);
        assertOutside(list, 91, 10);
        assertOutside(list, -1, 1);
        assertOutside(list, 0, -1);
        assertOutside(list, Long.MAX_VALUE, 1);
        list.add(region, 0, 1);
        assertThatIllegalStateException().isThrownBy(() -> list.add(region, 0, 1)).withMessageContaining("2");
        assertThat(list.count()).isEqualTo(2);
        assertThat(list.totalBytes()).isEqualTo(11);
    }

    @Test
    void shouldStayAsItWasWhenTheSumOverflows() {
        MemoryRegion huge = new FakeRegion(Long.MAX_VALUE);
        GatherList list = new GatherList(2).add(huge, 0, Long.MAX_VALUE);
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> list.add(huge, 0, 1));
        assertThat(list.count()).isEqualTo(1);
        assertThat(list.totalBytes()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldRefuseWhenTheCapacityIsNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> new GatherList(0));
    }

    private void assertOutside(GatherList list, long offset, long length) {
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> list.add(region, offset, length));
    }

    /** A length and nothing else. */
    private static final class FakeRegion implements MemoryRegion {

        private final long lengthBytes;

        FakeRegion(long lengthBytes) {
            this.lengthBytes = lengthBytes;
        }

        @Override
        public MemorySegment segment() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long lengthBytes() {
            return lengthBytes;
        }

        @Override
        public MemoryRegion slice(long offset, long length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
