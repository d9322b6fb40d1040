package dev.sluice.testkit.peer;

import dev.sluice.Status;

/** Work that a poller does between its polls until it is done. For the thread that polls. */
public interface Job {

    /**
     * Posts what can be posted now.
     *
     * @return true when something was accepted
     */
    boolean pump();

    /**
     * Whether everything was posted.
     *
     * @return true when nothing is left to post
     */
    boolean isDone();

    /**
     * Hears of a completion of its connection, perhaps another's.
     *
     * @param cookie of the operation
     * @param status how it ended
     * @param result as the completion says
     */
    default void completed(long cookie, Status status, long result) {}

    /**
     * What happened so far.
     *
     * @return counters by name
     */
    Fields report();
}
