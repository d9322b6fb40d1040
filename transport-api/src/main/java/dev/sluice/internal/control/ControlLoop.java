package dev.sluice.internal.control;

import dev.sluice.SluiceException;
import dev.sluice.internal.linux.Epoll;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.EventFd;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The control thread of one transport: listeners, handshakes in both directions and all heartbeats, over one epoll. It never
 * blocks but in its wait. {@link #execute} and {@link #close} are for any thread, all else is for the control thread.
 *
 * <p>In each turn what arrived is served before any deadline is judged: after a pause of this process (stopped, suspended,
 * a long collection) the peers' heartbeats of the meantime count first.
 */
public final class ControlLoop implements AutoCloseable {

    /** Bytes of the buffer that all handshakes and heartbeats share. */
    public static final int BUFFER_BYTES = 4096;

    private static final int MAX_EVENTS = 64;
    private static final int WAKE_UP = -1;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final NativeContext ctx = new NativeContext();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(BUFFER_BYTES, Long.BYTES);
    private final Deadlines deadlines = new Deadlines();
    private final Map<Class<?>, Object> companions = new ConcurrentHashMap<>();
    private final WatchTable watches = new WatchTable();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Object gate = new Object();
    private final LongSupplier clock;
    private final Thread thread;
    private final Epoll epoll;
    private final int wakeUpFd;
    private long nowNs;
    private boolean ending;
    /** Guarded by {@link #gate}: no task enters and nothing signals the descriptor afterwards. */
    private boolean closed;

    private ControlLoop(String name, LongSupplier clock) throws ErrnoException {
        this.clock = clock;
        nowNs = clock.getAsLong();
        epoll = Epoll.open(ctx, arena, MAX_EVENTS);
        wakeUpFd = EventFd.open(ctx);
        int added = wakeUpFd < 0 ? wakeUpFd : epoll.add(ctx, wakeUpFd, Epoll.EPOLLIN, WAKE_UP);
        if (added < 0) {
            epoll.close(ctx);
            throw new ErrnoException("eventfd", -added);
        }
        thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    /**
     * Starts a control thread.
     *
     * @param name its name
     * @return the loop, to be closed
     * @throws SluiceException when the process has no descriptor left
     */
    public static ControlLoop start(String name) throws SluiceException {
        return start(name, System::nanoTime);
    }

    /** Also with another clock, in nanoseconds; the waits of the kernel follow the real one. */
    public static ControlLoop start(String name, LongSupplier clock) throws SluiceException {
        try {
            ControlLoop loop = new ControlLoop(name, clock);
            loop.thread.start();
            return loop;
        } catch (ErrnoException e) {
            throw new SluiceException("the control thread cannot start: " + e.getMessage(), e.errno(), "",
                    "Raise the limit of open files (ulimit -n)", e);
        }
    }

    /**
     * Hands a task to the control thread.
     *
     * @param task what to run there; returns at once and throws nothing
     * @return false when the loop is closed, and the task will not run
     */
    public boolean execute(Runnable task) {
        synchronized (gate) {
            if (closed) {
                return false;
            }
            tasks.add(task);
            EventFd.signal(wakeUpFd);
            return true;
        }
    }

    /** Ends the thread and closes every descriptor it watches. Idempotent, returns within 5 s. */
    @Override
    public void close() {
        execute(() -> ending = true);
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(CLOSE_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The control thread's context for system calls. */
    public NativeContext ctx() {
        return ctx;
    }

    /** Memory for the moment of one handler. */
    public MemorySegment buffer() {
        return buffer;
    }

    /** The time of this turn on the loop's clock, in nanoseconds. */
    public long nowNs() {
        return nowNs;
    }

    /**
     * What a transport keeps once per loop, made when it is first asked for. Any thread.
     *
     * @param kind its class
     * @param maker makes it
     * @param <T> its class
     * @return always the same
     */
    public <T> T companion(Class<T> kind, Function<ControlLoop, T> maker) {
        return kind.cast(companions.computeIfAbsent(kind, ignored -> maker.apply(this)));
    }

    /** How many descriptors are watched. */
    public int watchCount() {
        return watches.count();
    }

    /** The oldest watch of one kind; null when there is none. */
    public <T extends Watched> T oldest(Class<T> kind) {
        return watches.oldest(kind);
    }

    /** All watches of one kind, as they are now. */
    public <T extends Watched> List<T> all(Class<T> kind) {
        return watches.all(kind);
    }

    /**
     * Watches a descriptor.
     *
     * @param watched who is told
     * @param interest EPOLL constants
     * @return 0, or minus the errno, and then it is not watched
     */
    public int watch(Watched watched, int interest) {
        long data = watches.add(watched);
        int result = epoll.add(ctx, watched.fd, interest, data);
        if (result < 0) {
            watches.remove(watched);
        }
        return result;
    }

    /**
     * Lets another handler continue with the same descriptor.
     *
     * @param before who was told
     * @param after who is told from now on
     * @param interest EPOLL constants; what is ready already is reported anew
     */
    public void rewatch(Watched before, Watched after, int interest) {
        deadlines.set(before, Watched.NO_DEADLINE);
        watches.remove(before);
        epoll.modify(ctx, after.fd, interest, watches.add(after));
    }

    /** Changes what is watched; what is ready already is reported anew. */
    public void interest(Watched watched, int interest) {
        epoll.modify(ctx, watched.fd, interest, WatchTable.data(watched));
    }

    /** Ends the watch; the descriptor stays open. */
    public void unwatch(Watched watched) {
        deadlines.set(watched, Watched.NO_DEADLINE);
        if (watches.remove(watched)) {
            epoll.remove(ctx, watched.fd);
        }
    }

    /** Ends the watch and closes the descriptor; nothing when the watch had ended before. */
    public void close(Watched watched) {
        deadlines.set(watched, Watched.NO_DEADLINE);
        if (watches.remove(watched)) {
            FileDescriptors.close(ctx, watched.fd);
        }
    }

    /** Sets, moves or (with {@link Watched#NO_DEADLINE}) clears a deadline. */
    public void deadline(Watched watched, long deadlineNs) {
        deadlines.set(watched, deadlineNs);
    }

    private void run() {
        try {
            while (!ending) {
                turn();
            }
        } finally {
            tearDown();
        }
    }

    private void turn() {
        int ready = epoll.await(ctx, deadlines.waitNs(clock.getAsLong()));
        nowNs = clock.getAsLong();
        serve(ready);
        // Bounded, for a socket may be ready at each look; enough to see every socket once.
        for (int more = watches.count() / MAX_EVENTS; ready == MAX_EVENTS && more >= 0; more--) {
            ready = epoll.await(ctx, 0);
            serve(ready);
        }
        runTasks();
        nowNs = clock.getAsLong();
        for (Watched due = deadlines.takeDue(nowNs); due != null; due = deadlines.takeDue(nowNs)) {
            expire(due);
        }
    }

    private void serve(int ready) {
        if (ready < 0) {
            throw new IllegalStateException("epoll_wait failed: " + Errno.describe(-ready));
        }
        for (int i = 0; i < ready; i++) {
            if (epoll.data(i) == WAKE_UP) {
                EventFd.drain(ctx, wakeUpFd);
                continue;
            }
            Watched watched = watches.find(epoll.data(i));
            if (watched != null) {
                try {
                    watched.ready(epoll.events(i));
                } catch (RuntimeException e) {
                    failed(watched, e);
                }
            }
        }
    }

    private void expire(Watched due) {
        long dueNs = due.deadlineNs;
        due.deadlineNs = Watched.NO_DEADLINE;
        try {
            due.expired(dueNs);
        } catch (RuntimeException e) {
            failed(due, e);
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            try {
                task.run();
            } catch (RuntimeException e) {
                report(e);
            }
        }
    }

    /** A defect in a handler ends that one, not the loop that all connections need. */
    private void failed(Watched watched, RuntimeException e) {
        report(e);
        abandon(watched, "the control thread failed on it: " + e);
    }

    private void abandon(Watched watched, String why) {
        try {
            watched.abandon(why);
        } catch (RuntimeException e) {
            report(e);
        }
        close(watched);
    }

    private void report(RuntimeException e) {
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }

    private void tearDown() {
        synchronized (gate) {
            closed = true;
        }
        runTasks();
        for (Watched w = watches.any(); w != null; w = watches.any()) {
            abandon(w, "the transport is closed");
        }
        FileDescriptors.close(ctx, wakeUpFd);
        epoll.close(ctx);
        arena.close();
    }
}
