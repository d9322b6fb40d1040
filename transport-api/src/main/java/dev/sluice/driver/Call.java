package dev.sluice.driver;

import dev.sluice.SluiceException;

/**
 * A control-plane call that has to run on the polling thread.
 *
 * @param <T> its result
 */
final class Call<T> implements Task {

    /** The call itself. */
    @FunctionalInterface
    interface Body<T> {
        /** Polling thread. */
        T call() throws SluiceException;
    }

    private final Body<T> body;
    private final DriverFuture<T> future;

    Call(Body<T> body, DriverFuture<T> future) {
        this.body = body;
        this.future = future;
    }

    @Override
    public void run() {
        try {
            future.succeed(body.call());
        } catch (SluiceException | RuntimeException failure) {
            future.fail(failure);
        }
    }

    @Override
    public void reject(Throwable why) {
        future.fail(new SluiceException("the driver has ended: " + why.getMessage(), 0, "", "", why));
    }
}
