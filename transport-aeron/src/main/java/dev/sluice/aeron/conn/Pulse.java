package dev.sluice.aeron.conn;

import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.Watched;

import java.util.ArrayList;
import java.util.List;

/**
 * Looks at listeners and lifelines at intervals, for Aeron wakes nobody: often while connections come and go, and always when no
 * driver tells that one comes. Control thread, but for {@link #execute} and {@link #stir}.
 */
final class Pulse extends Watched {
    private static final int NO_DESCRIPTOR = -1;
    private static final long SHORTEST_INTERVAL_NS = 1_000_000L;
    private static final long INTERVAL_NS = 10_000_000L;
    private static final long LONGEST_INTERVAL_NS = 50 * INTERVAL_NS;
    private static final long STIRRED_NS = 1_000_000_000L;

    private final ControlLoop loop;
    private final List<AeronLifeline> lifelines = new ArrayList<>();
    private final List<AeronListener> listeners = new ArrayList<>();
    private long stirredNs;

    Pulse(ControlLoop loop) {
        super(NO_DESCRIPTOR);
        this.loop = loop;
    }

    /** Any thread: has the control thread do something; false when it has ended. */
    boolean execute(Runnable task) {
        return loop.execute(task);
    }

    /** Any thread: a connection comes or goes, so it looks now, and often for a while. */
    void stir() {
        loop.execute(this::lookNow);
    }

    /** Any thread: a peer has said something. */
    void nudge() {
        loop.execute(() -> loop.deadline(this, loop.nowNs()));
    }

    void add(AeronLifeline lifeline) {
        lifelines.add(lifeline);
        lookNow();
    }

    void remove(AeronLifeline lifeline) {
        lifelines.remove(lifeline);
    }

    void add(AeronListener listener) {
        listeners.add(listener);
        lookNow();
    }

    void remove(AeronListener listener) {
        listeners.remove(listener);
    }

    private void lookNow() {
        stirredNs = loop.nowNs();
        loop.deadline(this, stirredNs);
    }

    private long intervalNs(long nowNs) {
        long calmNs = nowNs - stirredNs;
        // A stream comes before its first word does.
        long intervalNs = calmNs > STIRRED_NS
                ? LONGEST_INTERVAL_NS
                : Math.clamp(calmNs / 2, SHORTEST_INTERVAL_NS, INTERVAL_NS);
        for (AeronListener listener : listeners) {
            if (listener.isUntold()) {
                intervalNs = Math.min(intervalNs, INTERVAL_NS);
            }
        }
        for (AeronLifeline lifeline : lifelines) {
            intervalNs = Math.min(intervalNs, lifeline.longestLookNs());
        }
        return intervalNs;
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
            loop.deadline(this, nowNs + intervalNs(nowNs));
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
