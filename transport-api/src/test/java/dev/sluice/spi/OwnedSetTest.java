package dev.sluice.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.SluiceException;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

final class OwnedSetTest {
    private static final int THINGS = 2_000;
    private static final Object FIRST = new Object();

    private final List<Object> closed = Collections.synchronizedList(new ArrayList<>());
    private final OwnedSet<Object> set = new OwnedSet<>("owner", closed::add);

    @Test
    void shouldCloseWhatIsLeftOnce() throws SluiceException {
        Object forgotten = set.keep(new Object());
        Object left = set.keep(new Object());
        set.forget(forgotten);
        assertThat(set.contains(forgotten)).isFalse();
        assertThat(set.contains(left)).isTrue();
        set.close();
        set.close();
        assertThat(closed).containsExactly(left);
    }

    @Test
    void shouldCloseWhatComesLate() {
        set.close();
        Object late = new Object();
        assertThatThrownBy(() -> set.keep(late)).isInstanceOf(SluiceException.class).hasMessageContaining("owner");
        assertThat(closed).containsExactly(late);
    }

    @Test
    void shouldLeaveNothingOpenWhenClosedWhileThingsAreMade() throws InterruptedException {
        List<Object> made = new ArrayList<>();
        Thread maker = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < THINGS; i++) {
                Object thing = i == 0 ? FIRST : new Object();
                made.add(thing);
                try {
                    set.keep(thing);
                } catch (SluiceException ownerClosed) {
                    return;
                }
            }
        });
        while (!set.contains(FIRST)) {
            Thread.onSpinWait();
        }
        set.close();
        maker.join();
        assertThat(closed).containsExactlyInAnyOrderElementsOf(made);
    }
}
