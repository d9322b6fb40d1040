package dev.sluice.aeron.driver;

import org.agrona.collections.Int2ObjectHashMap;

/** Who is told of data by the embedded driver. Any thread; the last two methods are the driver's and take no lock. */
final class Arrivals {
    private volatile Int2ObjectHashMap<Told> waiting = new Int2ObjectHashMap<>();

    /** Somebody, and the driver's own note of where the stream was when it was last silent. */
    private static final class Told {
        private final Runnable onData;
        private final boolean isOfBeats;
        private long silentAt;

        private Told(Runnable onData, boolean isOfBeats) {
            this.onData = onData;
            this.isOfBeats = isOfBeats;
        }
    }

    void add(int session, Runnable onData) {
        put(session, new Told(onData, false));
    }

    /** For a session of heartbeats. */
    void addForBeats(int session, Runnable onBeat) {
        put(session, new Told(onBeat, true));
    }

    private synchronized void put(int session, Told told) {
        Int2ObjectHashMap<Told> next = new Int2ObjectHashMap<>(waiting);
        next.put(session, told);
        waiting = next;
    }

    synchronized void remove(int session) {
        Int2ObjectHashMap<Told> next = new Int2ObjectHashMap<>(waiting);
        next.remove(session);
        waiting = next;
    }

    /**
     * Data of a session stand in its log.
     *
     * @return whether they are more than a heartbeat
     */
    boolean came(int session) {
        Told told = waiting.get(session);
        if (told == null) {
            return true;
        }
        told.onData.run();
        return !told.isOfBeats;
    }

    /**
     * A session has nothing to send.
     *
     * @param position where it is
     * @return whether it has sent something since it last said so; what that was may be lost
     */
    boolean isNews(int session, long position) {
        Told told = waiting.get(session);
        if (told == null || told.silentAt == position) {
            return false;
        }
        told.silentAt = position;
        return !told.isOfBeats;
    }
}
