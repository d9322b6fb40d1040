package dev.sluice.aeron.conn;

import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.Watched;

import java.util.ArrayList;
import java.util.List;

/** Looks at listeners and lifelines at intervals, for Aeron wakes nobody. Control thread, but for {@link #execute}. */
final class Pulse extends Watched {
    private static final int NO_DESCRIPTOR = -1;
    private static final long INTERVAL_NS = 10_000_000L;

    private final ControlLoop loop;
    private final List<AeronLifeline> lifelines = new ArrayList<>();
    private final List<AeronListener> listeners = new ArrayList<>();

    Pulse(ControlLoop loop) {
        super(NO_DESCRIPTOR);
        this.loop = loop;
    }

    /** Any thread: has the control thread do something; false when it has ended. */
    boolean execute(Runnable task) {
        return loop.execute(task);
    }

    void add(AeronLifeline lifeline) {
        lifelines.add(lifeline);
        schedule();
    }

    void remove(AeronLifeline lifeline) {
        lifelines.remove(lifeline);
    }

    void add(AeronListener listener) {
        listeners.add(listener);
        schedule();
    }

    void remove(AeronListener listener) {
        listeners.remove(listener);
    }

    private void schedule() {
        if (!hasDeadline()) {
            loop.deadline(this, loop.nowNs());
        }
    }

    @Override
    public void ready(int events) {
        throw new AssertionError("nothing is watched");
    }

    @Override
    public void expired(long dueNs) {
        long nowNs = loop.nowNs();
        for (int i = listeners.size() - 1; i >= 0; i--) {
            listeners.get(i).look();
        }
        for (int i = lifelines.size() - 1; i >= 0; i--) {
            lifelines.get(i).look(nowNs);
        }
        if (!lifelines.isEmpty() || !listeners.isEmpty()) {
            loop.deadline(this, nowNs + INTERVAL_NS);
        }
    }

    @Override
    public void abandon(String why) {
        for (AeronListener listener : List.copyOf(listeners)) {
            listener.end(why);
        }
        for (AeronLifeline lifeline : lifelines) {
            lifeline.abandon(why);
        }
        lifelines.clear();
    }
}
