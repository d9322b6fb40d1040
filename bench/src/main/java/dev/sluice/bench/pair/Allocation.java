package dev.sluice.bench.pair;

import com.sun.management.ThreadMXBean;

import java.lang.management.ManagementFactory;

/** Tells what the calling thread has allocated; asking allocates nothing once it has been asked before. */
public final class Allocation {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /**
     * What the calling thread has allocated since it began.
     *
     * @return bytes of heap
     */
    public static long ofThisThread() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }
}
