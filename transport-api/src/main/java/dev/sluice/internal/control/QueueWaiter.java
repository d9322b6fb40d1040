package dev.sluice.internal.control;

import dev.sluice.SluiceException;
import dev.sluice.internal.linux.Alarm;
import dev.sluice.internal.linux.Epoll;
import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.EventFd;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.spi.data.ConnectionSet;

import java.lang.foreign.Arena;

/**
 * Where a poller sleeps: its sockets in one epoll, an eventfd by which other threads wake it, and an alarm for its deadlines.
 * Wake-ups are sticky.
 */
public final class QueueWaiter {
    private static final int MAX_EVENTS = 256;
    private static final long WAKE = -1;
    private static final long ALARM = -2;
    /** A wait shorter than this nearly always ends by its deadline, for which the kernel's own timer of a wait is best. */
    private static final long SHORT_NS = 1_000_000L;
    /** So that a deadline never overflows: 30 years. */
    private static final long LONGEST_NS = 1_000_000_000_000_000_000L;

    private final Arena arena = Arena.ofShared();
    private final Epoll epoll;
    private final int eventFd;
    private final Alarm alarm;
    private volatile boolean signalled;
    private volatile boolean sleeping;
    private boolean closed;

    /**
     * Opens its descriptors.
     *
     * @throws SluiceException when there are none left
     */
    public QueueWaiter() throws SluiceException {
        NativeContext ctx = new NativeContext();
        Epoll anEpoll = null;
        Alarm anAlarm = null;
        int anEventFd = -1;
        try {
            anEpoll = Epoll.open(ctx, arena, MAX_EVENTS);
            anAlarm = Alarm.open(ctx);
            anEventFd = EventFd.open(ctx);
            require("eventfd", anEventFd);
            require("epoll_ctl", anEpoll.add(ctx, anEventFd, Epoll.EPOLLIN, WAKE));
            require("epoll_ctl", anEpoll.add(ctx, anAlarm.fd(), Epoll.EPOLLIN, ALARM));
        } catch (ErrnoException e) {
            close(ctx, anEpoll, anAlarm, anEventFd);
            arena.close();
            throw new SluiceException("cannot open a completion queue: " + e.getMessage(), e.errno(), "",
                    "Raise the limit of open files (ulimit -n)");
        }
        epoll = anEpoll;
        alarm = anAlarm;
        eventFd = anEventFd;
    }

    private static void require(String call, int result) throws ErrnoException {
        if (result < 0) {
            throw new ErrnoException(call, -result);
        }
    }

    private static void close(NativeContext ctx, Epoll epoll, Alarm alarm, int eventFd) {
        if (epoll != null) {
            epoll.close(ctx);
        }
        if (alarm != null) {
            alarm.close(ctx);
        }
        if (eventFd >= 0) {
            FileDescriptors.close(ctx, eventFd);
        }
    }

    /** Changes what a socket is waited for, from one set of epoll events to another; 0 is not at all. */
    public void change(NativeContext ctx, int fd, int index, int from, int to) {
        if (to == 0) {
            epoll.remove(ctx, fd);
        } else if (from == 0) {
            epoll.add(ctx, fd, to, index);
        } else {
            epoll.modify(ctx, fd, to, index);
        }
    }

    public void markReadable(NativeContext ctx, ConnectionSet<?> connections) {
        mark(epoll.await(ctx, 0), ctx, connections);
    }

    /** A {@link #sleep} of no time, without its stores. */
    public boolean look(NativeContext ctx, ConnectionSet<?> connections) {
        boolean happened = mark(epoll.await(ctx, 0), ctx, connections);
        return takeSignal() || happened;
    }

    /** Sleeps until a socket or a signal wakes it; false when the time ran out. */
    public boolean sleep(NativeContext ctx, long timeoutNs, ConnectionSet<?> connections) {
        sleeping = true;
        boolean happened = !signalled && (timeoutNs < SHORT_NS
                ? mark(epoll.await(ctx, timeoutNs), ctx, connections)
                : sleepLong(ctx, System.nanoTime() + Math.min(timeoutNs, LONGEST_NS), connections));
        sleeping = false;
        return takeSignal() || happened;
    }

    private boolean takeSignal() {
        boolean taken = signalled;
        if (taken) {
            signalled = false;
        }
        return taken;
    }

    private boolean sleepLong(NativeContext ctx, long deadlineNs, ConnectionSet<?> connections) {
        long now = System.nanoTime();
        while (now - deadlineNs < 0) {
            alarm.atLatest(ctx, now, deadlineNs);
            if (mark(epoll.await(ctx, -1), ctx, connections)) {
                return true;
            }
            now = System.nanoTime();
        }
        return false;
    }

    /** Notes what epoll found; whether there was more than the alarm. */
    private boolean mark(int events, NativeContext ctx, ConnectionSet<?> connections) {
        boolean happened = false;
        for (int i = 0; i < events; i++) {
            long data = epoll.data(i);
            if (data == ALARM) {
                alarm.rang(ctx);
                continue;
            }
            happened = true;
            if (data == WAKE) {
                EventFd.drain(ctx, eventFd);
            } else {
                connections.markReady((int) data);
            }
        }
        return happened;
    }

    public void signal() {
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

    public synchronized void close() {
        if (!closed) {
            closed = true;
            close(new NativeContext(), epoll, alarm, eventFd);
            arena.close();
        }
    }
}
