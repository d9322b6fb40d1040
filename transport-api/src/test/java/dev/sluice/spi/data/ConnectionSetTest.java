package dev.sluice.spi.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

final class ConnectionSetTest {
    private final ConnectionSet<String> set = new ConnectionSet<>();

    @Test
    void shouldKeepIndicesWhenItGrowsAndShrinks() {
        for (int i = 0; i < 9; i++) {
            assertThat(set.add("c" + i)).isEqualTo(i);
        }
        assertThat(set.capacity()).isEqualTo(16);
        set.remove(3);
        assertThat(set.at(3)).isNull();
        assertThat(set.at(8)).isEqualTo("c8");
        assertThat(set.add("again")).isEqualTo(3);
        assertThat(set.count()).isEqualTo(9);
        assertThat(set.at(3 + set.capacity())).isEqualTo("again");
    }

    @Test
    void shouldTakeEachMarkOnce() {
        int index = set.add("c");
        assertThat(set.takeReady(index)).isFalse();
        set.markReady(index);
        set.markReady(index);
        assertThat(set.takeReady(index + set.capacity())).isTrue();
        assertThat(set.takeReady(index)).isFalse();
    }

    @Test
    void shouldBeginEachRoundElsewhere() {
        Set<Integer> starts = new HashSet<>();
        for (int i = 0; i < set.capacity(); i++) {
            starts.add(set.nextStart());
        }
        assertThat(starts).hasSize(set.capacity());
    }
}
