package dev.sluice.driver;

/** Runs a close on the polling thread and waits for it. Nothing is left to close when the driver has ended before. */
final class HandedClose implements Task {

    private final Runnable close;
    private final DriverFuture<Void> done = new DriverFuture<>(Runnable::run);

    private HandedClose(Runnable close) {
        this.close = close;
    }

    /** Any thread but the polling one. */
    static void run(Mailbox mailbox, Runnable close, String what) {
        HandedClose task = new HandedClose(close);
        mailbox.handOver(task);
        Waits.awaitTurn(task.done, what);
    }

    @Override
    public void run() {
        try {
            close.run();
            done.succeed(null);
        } catch (RuntimeException failure) {
            done.fail(failure);
        }
    }

    @Override
    public void reject(Throwable why) {
        done.succeed(null);
    }
}
