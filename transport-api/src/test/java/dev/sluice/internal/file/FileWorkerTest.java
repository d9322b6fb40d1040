package dev.sluice.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.sluice.FileMode;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Mappings;
import dev.sluice.internal.linux.NativeContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** How jobs reach the thread, and what becomes of them when it ends. */
final class FileWorkerTest {
    private static final int CAPACITY = 3;

    private static final Path NULL_DEVICE = Path.of("/dev/null");

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final FileWorker worker = new FileWorker(CAPACITY);

    private final CountDownLatch held = new CountDownLatch(1);

    private final CountDownLatch letGo = new CountDownLatch(1);

    private final Semaphore done = new Semaphore(0);

    @TempDir
    private Path folder;

    private Path path;

    private LocalFile file;

    @BeforeEach
    void openFile() throws Exception {
        path = Files.write(folder.resolve("file"), FileProbe.random(10_000, 5));
        file = FileProbe.open(path, FileMode.READ_WRITE);
    }

    @AfterEach
    void closeAll() {
        letGo.countDown();
        worker.close();
        file.close();
    }

    @Test
    void shouldTakeNoMoreThanItsCapacityWhenBusy() throws Exception {
        holdWorker();
        List<FileJob> jobs = submitToCapacity();
        FileJob more = new FileJob(done::release).warm(file, 0, 10_000);
        assertThat(worker.submit(more)).isFalse();
        assertThat(more.isIdle()).isTrue();
        letGo.countDown();
        awaitDone(CAPACITY);
        assertThat(jobs).allMatch(FileJob::isDone);
        assertThat(worker.submit(more)).as("still set up").isTrue();
        awaitDone(1);
        assertThat(more.result()).isEqualTo(10_000);
    }

    @Test
    void shouldKeepFileOpenWhenJobIsSubmitted() throws Exception {
        holdWorker();
        FileJob job = new FileJob(done::release).warm(file, 0, 10_000);
        assertThat(worker.submit(job)).isTrue();
        assertThat(job.isDone() || job.isIdle()).isFalse();
        assertThatThrownBy(job::reset).isInstanceOf(IllegalStateException.class).hasMessageContaining("submitted");
        assertThatThrownBy(file::close).isInstanceOf(IllegalStateException.class).hasMessageContaining("in use");
        letGo.countDown();
        awaitDone(1);
        assertThat(job.result()).isEqualTo(10_000);
        file.close();
        assertThat(FileProbe.descriptors(path)).isZero();
    }

    @Test
    void shouldCancelWhatIsNotBegunWhenClosed() throws Exception {
        long before = FileProbe.descriptors(NULL_DEVICE);
        holdWorker();
        FileJob first = new FileJob(letGo::countDown).warm(file, 0, 10);
        assertThat(worker.submit(first)).isTrue();
        FileJob second = new FileJob(done::release).warm(file, 0, 10);
        assertThat(worker.submit(second)).isTrue();
        worker.close();
        worker.close();
        assertThat(worker.isClosed()).isTrue();
        assertThat(first.result()).isEqualTo(-Errno.ECANCELED);
        assertThat(second.result()).isEqualTo(-Errno.ECANCELED);
        awaitDone(1);
        file.close();
        assertThat(FileProbe.descriptors(NULL_DEVICE)).as("descriptors left").isEqualTo(before);
        assertThat(workerThreads()).isZero();
    }

    @Test
    void shouldEndJobAtOnceWhenSubmittedAfterClose() throws Exception {
        worker.close();
        FileJob job = new FileJob(done::release).warm(file, 0, 10);
        for (int i = 0; i < 2 * CAPACITY; i++) {
            assertThat(worker.submit(job)).isTrue();
            assertThat(job.result()).isEqualTo(-Errno.ECANCELED);
            awaitDone(1);
            job.reset();
            job.warm(file, 0, 10);
        }
        file.close();
        assertThat(workerThreads()).isZero();
    }

    @Test
    void shouldEndBetweenPartsWhenClosedUnderAHugeJob() throws Exception {
        NativeContext ctx = new NativeContext();
        try (RandomAccessFile other = new RandomAccessFile(path.toFile(), "rw")) {
            other.setLength(1L << 40);
        }
        long marker = 1L << 30;
        FileJob job = new FileJob(done::release).warm(file, marker, 1L << 39);
        assertThat(worker.submit(job)).isTrue();
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (FileProbe.residentPages(ctx, file, marker, Mappings.pageBytes()) == 0) {
            assertThat(System.nanoTime()).as("begins in time").isLessThan(deadlineNs);
            Thread.onSpinWait();
        }
        worker.close();
        assertThat(workerThreads()).isZero();
        awaitDone(1);
        assertThat(job.result()).isEqualTo(-Errno.ECANCELED);
    }

    @Test
    void shouldFinishTheOthersWhenACallbackThrows() throws Exception {
        AtomicInteger seen = new AtomicInteger();
        holdWorker();
        FileJob bad = new FileJob(() -> {
            throw new IllegalStateException("thrown on purpose by a test");
        }).warm(file, 0, 10);
        assertThat(worker.submit(bad)).isTrue();
        FileJob next = new FileJob(done::release).warm(file, 0, 10);
        assertThat(worker.submit(next)).isTrue();
        Thread thread = workerThread();
        thread.setUncaughtExceptionHandler((of, thrown) -> seen.incrementAndGet());
        letGo.countDown();
        awaitDone(1);
        thread.join(60_000);
        assertThat(next.result()).isEqualTo(-Errno.ECANCELED);
        assertThat(bad.result()).isEqualTo(10);
        assertThat(worker.isClosed()).isTrue();
        assertThat(seen).hasValue(1);
    }

    @Test
    void shouldRunInOrderAndLoseNothingWhenManyThreadsSubmit() throws Exception {
        List<Thread> threads = new ArrayList<>();
        AtomicInteger wrong = new AtomicInteger();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(64, 8);
            for (int i = 0; i < 5; i++) {
                long offset = i * 8L;
                threads.add(Thread.ofPlatform().start(() -> count(memory, offset, wrong)));
            }
            for (Thread thread : threads) {
                thread.join(120_000);
                assertThat(thread.isAlive()).as("ended in time").isFalse();
            }
        }
        assertThat(wrong).hasValue(0);
        ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.nativeOrder());
        for (int i = 0; i < 5; i++) {
            assertThat(content.getLong(i * 8)).isEqualTo(3_000);
        }
    }

    @Test
    void shouldAllocateNothingOnTheSubmitterWhenUsedAgain() {
        FileJob job = new FileJob(() -> {});
        long allocated = 0;
        for (int i = 0; i < 40_000; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            boolean taken = worker.submit(job.warm(file, 0, 4_096));
            while (!job.isDone()) {
                Thread.onSpinWait();
            }
            long bytes = job.result();
            job.reset();
            allocated = i < 20_000 ? 0 : allocated + THREADS.getCurrentThreadAllocatedBytes() - before;
            assertThat(taken && bytes == 4_096).isTrue();
        }
        assertThat(allocated / 20_000).as("bytes a submission, %d in all", allocated).isZero();
    }

    /** Keeps the thread inside the callback of a job that is done, so that what is submitted next stays queued. */
    private void holdWorker() throws InterruptedException {
        FileJob holder = new FileJob(() -> {
            held.countDown();
            awaitLetGo();
        });
        assertThat(worker.submit(holder.warm(file, 0, 1))).isTrue();
        assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();
    }

    private void awaitLetGo() {
        try {
            assertThat(letGo.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private List<FileJob> submitToCapacity() {
        List<FileJob> jobs = new ArrayList<>();
        for (int i = 0; i < CAPACITY; i++) {
            FileJob job = new FileJob(done::release).warm(file, 0, 10_000);
            assertThat(worker.submit(job)).isTrue();
            jobs.add(job);
        }
        return jobs;
    }

    private void awaitDone(int jobs) throws InterruptedException {
        assertThat(done.tryAcquire(jobs, 60, TimeUnit.SECONDS)).as("done in time").isTrue();
    }

    private void count(MemorySegment memory, long offset, AtomicInteger wrong) {
        Semaphore mine = new Semaphore(0);
        FileJob job = new FileJob(mine::release);
        for (long i = 1; i <= 3_000; i++) {
            memory.set(ValueLayout.JAVA_LONG, offset, i);
            job.write(file, offset, memory.address() + offset, 8);
            while (!worker.submit(job)) {
                Thread.onSpinWait();
            }
            mine.acquireUninterruptibly();
            wrong.addAndGet(job.isDone() && job.result() == 8 ? 0 : 1);
            job.reset();
        }
    }

    private static long workerThreads() {
        return Thread.getAllStackTraces().keySet().stream().filter(FileWorkerTest::isWorker).count();
    }

    private static Thread workerThread() {
        return Thread.getAllStackTraces().keySet().stream().filter(FileWorkerTest::isWorker).findFirst().orElseThrow();
    }

    private static boolean isWorker(Thread thread) {
        return thread.getName().startsWith("sluice-tcp-file-");
    }
}
