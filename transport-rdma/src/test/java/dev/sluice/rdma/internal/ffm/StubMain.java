package dev.sluice.rdma.internal.ffm;

import com.sun.management.ThreadMXBean;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Measures what Java adds to a post and a poll, and what it allocates, in a process of its own. Prints one line for each of
 * batch 1 and 16, critical and plain downcalls; Java and C in turns, the median of each.
 */
final class StubMain {
    private static final int REPETITIONS = 21;

    private static final int ROUNDS = 50_000;

    private static final int WARM_ROUNDS = 200_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private StubMain() {}

    public static void main(String[] args) {
        Path compiled = Path.of(args[0]);
        // Both kinds first, so that each is measured with the profile that a process with two devices has.
        for (int batch : new int[]{1, 16}) {
            for (boolean critical : new boolean[]{true, false}) {
                try (StubDevice device = new StubDevice(compiled, batch, critical)) {
                    report(device, batch, critical);
                }
            }
        }
    }

    private static void report(StubDevice device, int batch, boolean critical) {
        device.javaNs(WARM_ROUNDS);
        device.nativeNs(WARM_ROUNDS);
        double[] inJava = new double[REPETITIONS];
        double[] inC = new double[REPETITIONS];
        for (int i = 0; i < REPETITIONS; i++) {
            inJava[i] = device.javaNs(ROUNDS);
            inC[i] = device.nativeNs(ROUNDS);
        }
        double java = median(inJava);
        double c = median(inC);
        System.out.printf(Locale.ROOT, "batch=%d critical=%b javaNs=%.1f cNs=%.1f addedNs=%.1f bytesPerRound=%d%n",
                batch,
                critical, java, c, java - c, allocated(device));
    }

    private static long allocated(StubDevice device) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        long none = THREADS.getCurrentThreadAllocatedBytes() - before;
        before = THREADS.getCurrentThreadAllocatedBytes();
        device.javaNs(ROUNDS);
        return Math.ceilDiv(THREADS.getCurrentThreadAllocatedBytes() - before - none, ROUNDS);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
