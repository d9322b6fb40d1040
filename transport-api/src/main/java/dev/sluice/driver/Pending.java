package dev.sluice.driver;

import dev.sluice.Connection;
import dev.sluice.Results;
import dev.sluice.Status;

/** One operation of the upper levels, from its call to its end. Holds a permit of its channel until then. */
final class Pending implements Task {

    /** The posting call itself. */
    @FunctionalInterface
    interface Post {
        /** Polling thread; answers as {@link Results} says. */
        long post(Connection connection, long cookie);
    }

    private final Channel channel;
    private final String operation;
    private final boolean completesLater;
    private final Post post;
    private final DriverFuture<Long> future;

    /**
     * An operation.
     *
     * @param completesLater false when its acceptance is its end, because it has no completion
     */
    Pending(Channel channel, String operation, boolean completesLater, Post post, DriverFuture<Long> future) {
        this.channel = channel;
        this.operation = operation;
        this.completesLater = completesLater;
        this.post = post;
        this.future = future;
    }

    boolean completesLater() {
        return completesLater;
    }

    long post(Connection connection, long cookie) {
        return post.post(connection, cookie);
    }

    @Override
    public void run() {
        channel.submit(this);
    }

    @Override
    public void reject(Throwable why) {
        refuse(Results.CLOSED, String.valueOf(why.getMessage()));
    }

    void succeed(long result) {
        channel.releasePermit();
        future.succeed(result);
    }

    void end(Status status, long result, String because) {
        if (status == Status.OK) {
            succeed(result);
        } else {
            fail(new OperationException(operation, status, result, channel.peer(), because));
        }
    }

    void refuse(long result, String because) {
        fail(new RefusedException(operation, result, channel.peer(), because));
    }

    /** Also for the caller's own mistakes, which stay unchecked. */
    void fail(Throwable why) {
        channel.releasePermit();
        future.fail(why);
    }
}
