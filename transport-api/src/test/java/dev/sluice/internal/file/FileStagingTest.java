package dev.sluice.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.sluice.internal.linux.Mappings;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

final class FileStagingTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final FileStaging staging = new FileStaging();

    @Test
    void shouldHandOutEachBufferOnceWhenTakenUntilEmpty() {
        Set<Long> addresses = new HashSet<>();
        List<MemorySegment> taken = takeAll();
        for (MemorySegment buffer : taken) {
            assertThat(buffer.byteSize()).isEqualTo(FileStaging.BUFFER_BYTES);
            assertThat(buffer.address() % Mappings.pageBytes()).isZero();
            buffer.fill((byte) 7);
            addresses.add(buffer.address());
        }
        assertThat(addresses).hasSize(FileStaging.BUFFERS);
        assertThat(staging.take()).isNull();
        staging.give(taken.get(2));
        assertThat(staging.take()).as("the same again").isSameAs(taken.get(2));
        taken.forEach(staging::give);
        staging.close();
    }

    @Test
    void shouldRefuseWhenGivenTwiceOrForeign() {
        MemorySegment buffer = staging.take();
        staging.give(buffer);
        assertThatThrownBy(() -> staging.give(buffer)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> staging.give(MemorySegment.ofArray(new byte[1])))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> staging.give(buffer.asSlice(8))).isInstanceOf(IllegalArgumentException.class);
        staging.close();
    }

    @Test
    void shouldFreeOnlyWhenTheLastIsBackWhenClosedWhileTaken() {
        List<MemorySegment> taken = takeAll();
        staging.give(taken.removeFirst());
        staging.close();
        staging.close();
        assertThat(staging.take()).as("closed").isNull();
        for (MemorySegment buffer : taken) {
            buffer.set(ValueLayout.JAVA_LONG, 0, 1);
            staging.give(buffer);
        }
        assertThat(taken).noneMatch(buffer -> buffer.scope().isAlive());
        staging.close();
    }

    @Test
    void shouldFreeAtOnceWhenClosedWithAllBack() {
        MemorySegment buffer = staging.take();
        staging.give(buffer);
        staging.close();
        assertThat(buffer.scope().isAlive()).isFalse();
        assertThat(staging.take()).isNull();
    }

    @Test
    void shouldNeverShareABufferWhenTakenByManyThreads() throws Exception {
        AtomicInteger clashes = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 1; i <= FileStaging.BUFFERS + 2; i++) {
            int mark = i;
            threads.add(Thread.ofPlatform().start(() -> useAlone(mark, clashes)));
        }
        for (Thread thread : threads) {
            thread.join(60_000);
            assertThat(thread.isAlive()).isFalse();
        }
        assertThat(clashes).hasValue(0);
        assertThat(takeAll()).as("none lost").doesNotContainNull();
    }

    @Test
    void shouldAllocateNothingWhenUsedAgain() {
        long allocated = 0;
        for (int i = 0; i < 40_000; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            staging.give(staging.take());
            allocated = i < 20_000 ? 0 : allocated + THREADS.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocated / 20_000).as("bytes a use, %d in all", allocated).isZero();
        staging.close();
    }

    private void useAlone(int mark, AtomicInteger clashes) {
        int uses = 0;
        while (uses < 20_000) {
            MemorySegment buffer = staging.take();
            if (buffer == null) {
                Thread.onSpinWait();
                continue;
            }
            buffer.set(ValueLayout.JAVA_INT, 0, mark);
            Thread.onSpinWait();
            clashes.addAndGet(buffer.get(ValueLayout.JAVA_INT, 0) == mark ? 0 : 1);
            staging.give(buffer);
            uses++;
        }
    }

    private List<MemorySegment> takeAll() {
        List<MemorySegment> taken = new ArrayList<>();
        for (int i = 0; i < FileStaging.BUFFERS; i++) {
            taken.add(staging.take());
        }
        return taken;
    }
}
