package dev.sluice.internal.control;

/**
 * A descriptor that the control loop watches, with at most one deadline. Control thread only. There may be a thousand of
 * these for peers that have said nothing yet, so a subclass for such peers stays small.
 */
public abstract class Watched {

    /** What {@link #deadlineNs} is when there is none. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** The descriptor; whoever ends the watch decides whether it is closed. */
    public final int fd;
    /** Tells this use of the descriptor's number from earlier ones, and older from younger; the loop's. */
    int generation;
    /** Where it stands in the deadlines; {@link Deadlines} alone uses it. */
    int heapIndex = Deadlines.ABSENT;
    /** On the loop's clock; {@link Deadlines} alone sets it. */
    long deadlineNs = NO_DEADLINE;

    /**
     * Not watched yet.
     *
     * @param fd the descriptor
     */
    protected Watched(int fd) {
        this.fd = fd;
    }

    /** Whether a deadline is set. */
    protected final boolean hasDeadline() {
        return heapIndex != Deadlines.ABSENT;
    }

    /**
     * Something happened.
     *
     * @param events EPOLL constants
     */
    public abstract void ready(int events);

    /**
     * The deadline has passed; it is cleared already.
     *
     * @param dueNs when it was due
     */
    public abstract void expired(long dueNs);

    /**
     * The loop ends or this handler has failed: tell whoever waits. The loop closes the descriptor afterwards.
     *
     * @param why a sentence
     */
    public abstract void abandon(String why);
}
