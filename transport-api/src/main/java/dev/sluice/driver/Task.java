package dev.sluice.driver;

/** What other threads hand over to the polling thread. Exactly one of the two is called, once. */
interface Task {

    /** Polling thread. */
    void run();

    /** Any thread: the driver has ended and will not run this. */
    void reject(Throwable why);
}
