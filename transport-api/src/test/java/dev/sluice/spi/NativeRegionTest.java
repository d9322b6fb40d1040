package dev.sluice.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.SluiceException;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

final class NativeRegionTest {
    private final List<String> told = new ArrayList<>();

    @Test
    void shouldGiveBackOnceWhenABackedRegionIsClosed() {
        try (Arena arena = Arena.ofShared()) {
            NativeRegion region = NativeRegion.backed(this, arena.allocate(64), "key 7", () -> told.add("freed"),
                    closed -> told.add("told"));
            NativeRegion slice = (NativeRegion) region.slice(8, 16);
            assertThat(slice.backing()).isEqualTo("key 7");
            slice.acquire();
            assertThatThrownBy(region::close).isInstanceOf(IllegalStateException.class);
            slice.release();
            slice.close();
            assertThat(told).isEmpty();
            region.close();
            region.close();
            assertThat(told).containsExactly("freed", "told");
            assertThatThrownBy(slice::acquire).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void shouldRefuseMemoryThatMayMoveOrVanish() {
        refused(MemorySegment.ofArray(new byte[8]));
        try (Arena confined = Arena.ofConfined(); Arena shared = Arena.ofShared()) {
            refused(confined.allocate(8));
            refused(shared.allocate(8).asReadOnly());
            refused(shared.allocate(8).asSlice(0, 0));
        }
    }

    @Test
    void shouldTellForeignClosedAndOutOfBounds() throws SluiceException {
        NativeRegion region = NativeRegion.allocate(this, 64, 8, closed -> {});
        assertThat(region.backing()).isNull();
        assertThat(NativeRegion.require(region, this, 0, 64)).isSameAs(region);
        assertThatThrownBy(() -> NativeRegion.require(region, "another", 0, 64))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NativeRegion.require(region, this, 1, 64))
                .isInstanceOf(IndexOutOfBoundsException.class);
        region.close();
        assertThatThrownBy(() -> NativeRegion.require(region, this, 0, 64)).isInstanceOf(IllegalStateException.class);
    }

    private void refused(MemorySegment memory) {
        assertThatThrownBy(() -> NativeRegion.register(this, memory, closed -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
