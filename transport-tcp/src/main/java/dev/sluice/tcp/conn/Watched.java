package dev.sluice.tcp.conn;

/**
 * A descriptor that the control loop watches, with at most one deadline. Control thread only. There may be a thousand of
 * these for peers that have said nothing yet, so a subclass for such peers stays small.
 */
abstract class Watched {

    /** What {@link #deadlineNs} is when there is none. */
    static final long NO_DEADLINE = Long.MAX_VALUE;

    /** The descriptor; whoever ends the watch decides whether it is closed. */
    final int fd;
    /** Tells this use of the descriptor's number from earlier ones, and older from younger; the loop's. */
    int generation;
    /** Where it stands in the deadlines; {@link Deadlines} alone uses it. */
    int heapIndex = Deadlines.ABSENT;
    /** On the loop's clock; {@link Deadlines} alone sets it. */
    long deadlineNs = NO_DEADLINE;

    Watched(int fd) {
        this.fd = fd;
    }

    /**
     * Something happened.
     *
     * @param events EPOLL constants
     */
    abstract void ready(int events);

    /**
     * The deadline has passed; it is cleared already.
     *
     * @param dueNs when it was due
     */
    abstract void expired(long dueNs);

    /**
     * The loop ends or this handler has failed: tell whoever waits. The loop closes the descriptor afterwards.
     *
     * @param why a sentence
     */
    abstract void abandon(String why);
}
