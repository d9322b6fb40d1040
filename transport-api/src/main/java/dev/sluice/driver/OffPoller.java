package dev.sluice.driver;

import java.util.concurrent.Executor;

/**
 * The caller's executor, with the promise that nothing it runs is ever on the polling thread: neither when it runs tasks in
 * the thread that hands them over, nor when it takes no more.
 */
final class OffPoller implements Executor {

    private final Executor executor;
    private volatile Thread poller;

    OffPoller(Executor executor) {
        this.executor = executor;
    }

    void keepOff(Thread thread) {
        poller = thread;
    }

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(() -> run(task));
        } catch (RuntimeException refused) {
            // Whatever the executor has against it, a future that is due must complete.
            Thread.startVirtualThread(task);
        }
    }

    private void run(Runnable task) {
        if (Thread.currentThread() == poller) {
            Thread.startVirtualThread(task);
        } else {
            task.run();
        }
    }
}
