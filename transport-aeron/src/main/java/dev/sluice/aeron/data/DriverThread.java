package dev.sluice.aeron.data;

/** The thread of a media driver, which sleeps while there is nothing to do. Any thread. */
public interface DriverThread {
    /** That of a driver in another process: nobody can wake it, and it tells nothing. */
    DriverThread ELSEWHERE = new DriverThread() {
        @Override
        public void wake() {}

        @Override
        public boolean tell(int session, Runnable onData) {
            return false;
        }

        @Override
        public void forget(int session) {}
    };

    /**
     * Ends its sleep, for something waits for it. While it is awake this is a load. The caller fences between what the driver
     * should see and this call ({@link dev.sluice.internal.linux.AsymmetricFence#light()}).
     */
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
     * Ends that.
     *
     * @param session whose data
     */
    void forget(int session);
}
