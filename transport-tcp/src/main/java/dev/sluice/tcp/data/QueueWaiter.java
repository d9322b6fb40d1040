package dev.sluice.tcp.data;

import dev.sluice.SluiceException;
import dev.sluice.internal.linux.Epoll;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.EventFd;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.spi.data.ConnectionSet;

import java.lang.foreign.Arena;

/** Where a poller sleeps: its sockets in one epoll, and an eventfd by which other threads wake it. Wake-ups are sticky. */
final class QueueWaiter {
    private static final int MAX_EVENTS = 256;
    private static final long WAKE = -1;

    private final Arena arena = Arena.ofShared();
    private final Epoll epoll;
    private final int eventFd;
    private volatile boolean signalled;
    private volatile boolean sleeping;
    private boolean closed;

    QueueWaiter() throws SluiceException {
        NativeContext ctx = new NativeContext();
        try {
            epoll = Epoll.open(ctx, arena, MAX_EVENTS);
        } catch (ErrnoException e) {
            arena.close();
            throw noDescriptor(e.errno());
        }
        eventFd = EventFd.open(ctx);
        if (eventFd < 0 || epoll.add(ctx, eventFd, Epoll.EPOLLIN, WAKE) < 0) {
            epoll.close(ctx);
            arena.close();
            throw noDescriptor(-eventFd);
        }
    }

    private static SluiceException noDescriptor(int errno) {
        return new SluiceException("cannot open a completion queue: " + Errno.describe(errno), errno, "",
                "Raise the limit of open files (ulimit -n)");
    }

    /** Changes what a socket is waited for, from one set of epoll events to another; 0 is not at all. */
    void change(NativeContext ctx, int fd, int index, int from, int to) {
        if (to == 0) {
            epoll.remove(ctx, fd);
        } else if (from == 0) {
            epoll.add(ctx, fd, to, index);
        } else {
            epoll.modify(ctx, fd, to, index);
        }
    }

    void markReadable(NativeContext ctx, ConnectionSet<TcpConnection> connections) {
        mark(epoll.await(ctx, 0), ctx, connections);
    }

    /** Sleeps until a socket or a signal wakes it; false when the time ran out. */
    boolean sleep(NativeContext ctx, long timeoutNs, ConnectionSet<TcpConnection> connections) {
        sleeping = true;
        int events = 0;
        if (!signalled) {
            events = epoll.await(ctx, timeoutNs);
        }
        sleeping = false;
        boolean woken = signalled;
        signalled = false;
        mark(events, ctx, connections);
        return woken || events > 0;
    }

    private void mark(int events, NativeContext ctx, ConnectionSet<TcpConnection> connections) {
        for (int i = 0; i < events; i++) {
            long data = epoll.data(i);
            if (data == WAKE) {
                EventFd.drain(ctx, eventFd);
            } else {
                connections.markReady((int) data);
            }
        }
    }

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
