package dev.sluice.aeron.driver;

import org.agrona.collections.Int2ObjectHashMap;

/** Who is told of data by the embedded driver. Any thread; {@link #came} is the driver's and takes no lock. */
final class Arrivals {
    private volatile Int2ObjectHashMap<Runnable> waiting = new Int2ObjectHashMap<>();

    synchronized void add(int session, Runnable onData) {
        Int2ObjectHashMap<Runnable> next = new Int2ObjectHashMap<>(waiting);
        next.put(session, onData);
        waiting = next;
    }

    synchronized void remove(int session) {
        Int2ObjectHashMap<Runnable> next = new Int2ObjectHashMap<>(waiting);
        next.remove(session);
        waiting = next;
    }

    /** Data of a session stand in its log. */
    void came(int session) {
        Runnable onData = waiting.get(session);
        if (onData != null) {
            onData.run();
        }
    }
}
