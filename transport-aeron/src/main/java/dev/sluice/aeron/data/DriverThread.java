package dev.sluice.aeron.data;

/** The thread of a media driver, which sleeps while there is nothing to do. Any thread. */
public interface DriverThread {

    /** Ends its sleep, for something was written that it should see. While it is awake this is a load. */
    void wake();

    /**
     * Has somebody told of data that come from another host or process through it.
     *
     * @param session whose data
     * @param onData run by the driver's thread after each packet; must neither block nor throw
     * @return false when this driver tells nobody
     */
    boolean tell(int session, Runnable onData);

    /**
     * The same for a session of heartbeats, which says nothing about what goes on: the driver may sleep long after one.
     *
     * @param session whose heartbeats
     * @param onBeat run by the driver's thread after each packet; must neither block nor throw
     * @return false when this driver tells nobody
     */
    boolean tellOfBeats(int session, Runnable onBeat);

    /**
     * Ends either.
     *
     * @param session whose data or heartbeats
     */
    void forget(int session);
}
