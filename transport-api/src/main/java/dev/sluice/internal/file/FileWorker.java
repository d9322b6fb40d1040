package dev.sluice.internal.file;

import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread of a transport that waits for disks, so that no poller does. It starts with the first job; jobs run one after
 * another, in the order of submission. Any thread may submit.
 *
 * <p>
 * Jobs wait in a chain through the jobs themselves: a submitter pushes its job, the worker takes the whole chain and turns it
 * round. That needs neither lock nor memory, which a blocking queue under contention does.
 */
public final class FileWorker implements AutoCloseable {
    private static final Path NULL_DEVICE = Path.of("/dev/null");

    private static final long CLOSE_LIMIT_MS = 5_000;

    /** The chain's head once nothing is taken any more. */
    private static final FileJob CLOSED = new FileJob(() -> {});

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private static final VarHandle HEAD;

    private static final VarHandle PENDING;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(FileWorker.class, "head", FileJob.class);
            PENDING = lookup.findVarHandle(FileWorker.class, "pending", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int capacity;

    /** The job submitted last, from which the chain leads to the one submitted first; null when empty. */
    private volatile FileJob head;

    @SuppressWarnings("unused") // by PENDING
    private volatile int pending;

    private volatile Thread thread;

    /** Taken, not begun; the thread's own. */
    private FileJob taken;

    /**
     * A worker without thread yet.
     *
     * @param capacity how many jobs may be submitted and not finished, at least 1
     * @throws IllegalArgumentException when {@code capacity < 1}
     */
    public FileWorker(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a worker takes at least 1 job, asked for " + capacity);
        }
        this.capacity = capacity;
    }

    /**
     * Hands a job over. Never blocks, except to start the thread with the first job, and allocates nothing after that. A closed
     * worker ends the job at once with {@code -ECANCELED}.
     *
     * @param job idle and set up
     * @return false when as many jobs as the capacity are unfinished: the job stays idle and set up, submit it later
     * @throws IllegalStateException when the job is not idle, not set up, or its file is closed
     */
    public boolean submit(FileJob job) {
        job.begin();
        if ((int) PENDING.getAndAdd(this, 1) >= capacity) {
            PENDING.getAndAdd(this, -1);
            job.withdraw();
            return false;
        }
        FileJob before = push(job);
        if (before == CLOSED) {
            finish(job, -Errno.ECANCELED);
        } else if (before == null || thread == null) {
            wake();
        }
        return true;
    }

    /**
     * Whether {@link #close()} was called.
     *
     * @return true when each later job ends with {@code -ECANCELED}
     */
    public boolean isClosed() {
        return head == CLOSED;
    }

    /**
     * Ends the thread; the jobs that it has not finished end with {@code -ECANCELED}. Waits for the system call under way, which
     * moves at most 1 MiB, and at most 5 s: a disk that does not answer keeps the thread, which ends when the disk does, and
     * until then the job stays submitted and its file in use. Idempotent; any thread.
     */
    @Override
    public void close() {
        cancelAll((FileJob) HEAD.getAndSet(this, CLOSED));
        Thread running = startedThread();
        if (running != null && running != Thread.currentThread()) {
            LockSupport.unpark(running);
            join(running);
        }
    }

    private FileJob push(FileJob job) {
        FileJob before;
        do {
            before = head;
            job.next = before;
        } while (before != CLOSED && !HEAD.compareAndSet(this, before, job));
        return before;
    }

    private void wake() {
        Thread running = thread;
        if (running == null) {
            start();
        } else {
            LockSupport.unpark(running);
        }
    }

    private synchronized void start() {
        if (thread != null) {
            LockSupport.unpark(thread);
        } else if (!isClosed()) {
            thread = Thread.ofPlatform().daemon().name("sluice-tcp-file-" + NUMBERS.incrementAndGet()).start(this::run);
        }
    }

    /** Under the lock of {@link #start}: after closing, either the thread is seen here or it is never started. */
    private synchronized Thread startedThread() {
        return thread;
    }

    private void run() {
        NativeContext ctx = new NativeContext();
        int nullFd = FileCalls.open(ctx, NULL_DEVICE, FileCalls.O_RDWR, 0);
        try {
            while (!isClosed()) {
                taken = reversed(take());
                while (taken != null) {
                    FileJob job = taken;
                    taken = job.next;
                    finish(job, job.work(this, ctx, nullFd));
                }
            }
        } finally {
            closeAfterFailure();
            if (nullFd >= 0) {
                FileDescriptors.close(ctx, nullFd);
            }
        }
    }

    /** What is left when a callback threw, which ends this thread: no job may wait for a worker that is gone. */
    private void closeAfterFailure() {
        cancelAll(reversed(taken));
        cancelAll((FileJob) HEAD.getAndSet(this, CLOSED));
    }

    /** Sleeps until there is a chain, or the worker is closed: then null. */
    private FileJob take() {
        FileJob chain = head;
        while (chain != CLOSED && (chain == null || !HEAD.compareAndSet(this, chain, null))) {
            if (chain == null) {
                LockSupport.park(this);
            }
            chain = head;
        }
        return chain == CLOSED ? null : chain;
    }

    private void cancelAll(FileJob chain) {
        FileJob job = chain == CLOSED ? null : reversed(chain);
        while (job != null) {
            FileJob following = job.next;
            finish(job, -Errno.ECANCELED);
            job = following;
        }
    }

    /** Room is made before the owner sees the job done, so that submitting it again finds that room. */
    private void finish(FileJob job, long result) {
        PENDING.getAndAdd(this, -1);
        job.finish(result);
    }

    private static FileJob reversed(FileJob chain) {
        FileJob first = null;
        FileJob job = chain;
        while (job != null) {
            FileJob following = job.next;
            job.next = first;
            first = job;
            job = following;
        }
        return first;
    }

    private static void join(Thread running) {
        try {
            running.join(CLOSE_LIMIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
