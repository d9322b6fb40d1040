package dev.sluice.rdma.data;

import dev.sluice.SluiceException;
import dev.sluice.internal.linux.Epoll;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.EventFd;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;

import java.lang.foreign.Arena;

/** Where a poller sleeps: on its completion channel, and on an eventfd by which other threads wake it. Wake-ups are sticky. */
final class QueueSleep {
    private static final int MAX_EVENTS = 2;
    private static final long WAKE = -1;
    private static final long CHANNEL = 0;

    private final Arena arena = Arena.ofShared();
    private final Epoll epoll;
    private final int eventFd;
    private volatile boolean signalled;
    private volatile boolean sleeping;
    private boolean closed;

    QueueSleep(int channelFd) throws SluiceException {
        NativeContext ctx = new NativeContext();
        try {
            epoll = Epoll.open(ctx, arena, MAX_EVENTS);
        } catch (ErrnoException e) {
            arena.close();
            throw noDescriptor(e.errno());
        }
        eventFd = EventFd.open(ctx);
        int result = eventFd < 0 ? eventFd : epoll.add(ctx, eventFd, Epoll.EPOLLIN, WAKE);
        result = result < 0 ? result : epoll.add(ctx, channelFd, Epoll.EPOLLIN, CHANNEL);
        if (result < 0) {
            epoll.close(ctx);
            arena.close();
            throw noDescriptor(-result);
        }
    }

    private static SluiceException noDescriptor(int errno) {
        return new SluiceException("cannot open a completion queue: " + Errno.describe(errno), errno, "",
                "Raise the limit of open files (ulimit -n)");
    }

    /** Sleeps; false when the time ran out. The poller's thread. */
    boolean sleep(NativeContext ctx, long timeoutNs) {
        sleeping = true;
        int events = 0;
        if (!signalled) {
            events = epoll.await(ctx, timeoutNs);
        }
        sleeping = false;
        boolean woken = signalled;
        signalled = false;
        for (int i = 0; i < events; i++) {
            if (epoll.data(i) == WAKE) {
                EventFd.drain(ctx, eventFd);
            }
        }
        return woken || events > 0;
    }

    /** Wakes the poller, now or when it next sleeps; any thread. */
    void signal() {
        if (!signalled) {
            signalled = true;
            if (sleeping) {
                wake();
            }
        }
    }

    private synchronized void wake() {
        if (!closed) {
            EventFd.signal(eventFd);
        }
    }

    synchronized void close() {
        if (!closed) {
            closed = true;
            NativeContext ctx = new NativeContext();
            epoll.close(ctx);
            FileDescriptors.close(ctx, eventFd);
            arena.close();
        }
    }
}
