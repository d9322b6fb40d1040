package dev.sluice.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

final class SharedMemoryTest {
    private static final int PAGES = 4;
    private static final long BYTES = (long) PAGES * Mappings.pageBytes();
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

    private final NativeContext ctx = new NativeContext();
    private final Arena arena = Arena.ofShared();
    private int fd = -1;

    @TempDir
    private Path folder;

    @AfterEach
    void closeAll() {
        arena.close();
        if (fd >= 0) {
            FileDescriptors.close(ctx, fd);
        }
    }

    @Test
    void shouldNeitherShrinkNorGrowNorLoseItsSealsWhenCreated() throws IOException {
        fd = SharedMemory.create(ctx, BYTES);
        assertThat(FileCalls.truncate(ctx, fd, BYTES / 2)).isEqualTo(-Errno.EPERM);
        assertThat(FileCalls.truncate(ctx, fd, BYTES * 2)).isEqualTo(-Errno.EPERM);
        assertThat(FileDescriptors.fcntl(ctx, fd, 1033, 8)).as("no further seal").isEqualTo(-Errno.EPERM);
        assertThat(SharedMemory.refusal(ctx, fd, BYTES)).isNull();
    }

    @Test
    void shouldHaveItsPagesWhenNobodyHasMappedItYet() throws IOException {
        fd = SharedMemory.create(ctx, BYTES);
        assertThat((long) Files.getAttribute(Path.of("/proc/self/fd/" + fd), "unix:size")).isEqualTo(BYTES);
        MemorySegment one = SharedMemory.map(ctx, fd, 0, BYTES, true, arena);
        MemorySegment two = SharedMemory.map(ctx, fd, 0, BYTES, false, arena);
        one.set(ValueLayout.JAVA_LONG, BYTES - 8, 7);
        assertThat(two.get(ValueLayout.JAVA_LONG, BYTES - 8)).isEqualTo(7);
        assertThat(two.isReadOnly()).isTrue();
    }

    @Test
    void shouldBeRefusedWhenItCouldShrinkOrIsTooSmallOrIsSomethingElse() throws IOException {
        fd = Mappings.memoryFile(ctx);
        FileCalls.truncate(ctx, fd, BYTES);
        assertThat(SharedMemory.refusal(ctx, fd, BYTES)).contains("not sealed");
        FileDescriptors.close(ctx, fd);
        fd = SharedMemory.create(ctx, BYTES);
        assertThat(SharedMemory.refusal(ctx, fd, BYTES + 1)).contains("less than");
        FileDescriptors.close(ctx, fd);
        fd = FileCalls.open(ctx, Files.createFile(folder.resolve("file")), FileCalls.O_RDWR, 0);
        assertThat(SharedMemory.refusal(ctx, fd, 1)).contains("no memory file");
    }

    @Test
    void shouldSayWhatIsMissingWhenThereIsNotSoMuchMemory() {
        assertThatThrownBy(() -> SharedMemory.create(ctx, 1L << 46)).isInstanceOfSatisfying(ErrnoException.class,
                e -> assertThat(e.errno()).isIn(Errno.ENOSPC, Errno.ENOMEM));
    }

    @Test
    void shouldSeeNoStrangerAndLoseNoStoreWhenARangeIsMadePrivate() throws Exception {
        fd = SharedMemory.create(ctx, BYTES);
        MemorySegment mine = SharedMemory.map(ctx, fd, 0, BYTES, true, arena);
        MemorySegment theirs = SharedMemory.map(ctx, fd, 0, BYTES, true, arena);
        long page = Mappings.pageBytes();
        theirs.set(ValueLayout.JAVA_LONG, page + 64, 1);
        CountDownLatch running = new CountDownLatch(1);
        boolean[] stop = new boolean[1];
        long[] stored = new long[1];
        Thread writer = Thread.ofPlatform().start(() -> {
            VarHandle flag = MethodHandles.arrayElementVarHandle(boolean[].class);
            long last = 0;
            while (!(boolean) flag.getAcquire(stop, 0) || last < 1000) {
                last++;
                WORD.setRelease(mine, page + 128, last);
                // A store that got lost would show at once to the thread that made it.
                if ((long) WORD.getAcquire(mine, page + 128) != last) {
                    return;
                }
                running.countDown();
            }
            stored[0] = last;
        });
        running.await();
        SharedMemory.makePrivate(ctx, mine, fd, page, 2 * page);
        theirs.set(ValueLayout.JAVA_LONG, page + 64, 2);
        theirs.set(ValueLayout.JAVA_LONG, 0, 3);
        MethodHandles.arrayElementVarHandle(boolean[].class).setRelease(stop, 0, true);
        writer.join();
        assertThat(mine.get(ValueLayout.JAVA_LONG, page + 64)).as("what was there stays").isEqualTo(1);
        assertThat(mine.get(ValueLayout.JAVA_LONG, 0)).as("other pages are still shared").isEqualTo(3);
        assertThat(stored[0]).as("the writer saw each of its stores").isPositive();
        assertThat((long) WORD.getAcquire(mine, page + 128)).isEqualTo(stored[0]);
    }

    @Test
    void shouldLieOnTheNodeWhenOneIsNamedAndFailWhenItDoesNotExist() throws IOException {
        int made;
        try {
            made = SharedMemory.createOnNode(ctx, BYTES, 0);
        } catch (ErrnoException e) {
            // A kernel without NUMA, or a container that may not bind.
            assertThat(e.errno()).isIn(Errno.ENOSYS, Errno.EPERM);
            return;
        }
        fd = made;
        assertThat(SharedMemory.refusal(ctx, fd, BYTES)).isNull();
        assertThatThrownBy(() -> SharedMemory.createOnNode(ctx, BYTES, 63)).isInstanceOf(ErrnoException.class);
        assertThatThrownBy(() -> SharedMemory.createOnNode(ctx, BYTES, 64)).isInstanceOf(ErrnoException.class);
    }
}
