package dev.sluice.spi;

/**
 * The one thread that a queue and its connections belong to: the first that polls. Made for
 * {@code assert owner.isCurrent()}, so that it costs nothing where assertions are off.
 */
public final class OwnerThread {

    private final String what;
    private volatile Thread owner;

    /**
     * Owned by nobody yet.
     *
     * @param what the noun for messages, such as "completion queue"
     */
    public OwnerThread(String what) {
        this.what = what;
    }

    /**
     * Makes the calling thread the owner when there is none.
     *
     * @return true
     * @throws IllegalStateException when another thread is the owner
     */
    public boolean claim() {
        if (owner == null) {
            claimFirst();
        }
        return isCurrent();
    }

    /**
     * Whether the calling thread may use what is owned.
     *
     * @return true
     * @throws IllegalStateException when another thread is the owner
     */
    public boolean isCurrent() {
        Thread thread = owner;
        if (thread != null && thread != Thread.currentThread()) {
            throw new IllegalStateException("this " + what + " belongs to thread '" + thread.getName()
                    + "', the first that polled; called from '" + Thread.currentThread().getName() + "'");
        }
        return true;
    }

    private synchronized void claimFirst() {
        if (owner == null) {
            owner = Thread.currentThread();
        }
    }
}
