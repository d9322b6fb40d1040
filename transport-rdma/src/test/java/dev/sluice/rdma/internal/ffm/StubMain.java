package dev.sluice.rdma.internal.ffm;

import com.sun.management.ThreadMXBean;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Measures what Java adds to a post and a poll, and what it allocates, in a process of its own. Prints one line for each of
 * batch 1 and 16, critical and plain downcalls: Java and C in turns, in runs shorter than a time slice of the scheduler; the
 * medians, and the quartiles of what Java added to the run of C beside it.
 */
final class StubMain {
    private static final int REPETITIONS = 401;

    private static final int WARM_REPETITIONS = 250;

    private static final int ROUNDS = 2_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private StubMain() {}

    public static void main(String[] args) {
        Path compiled = Path.of(args[0]);
        List<StubDevice> devices = new ArrayList<>();
        for (int batch : new int[]{1, 16}) {
            for (boolean critical : new boolean[]{true, false}) {
                devices.add(new StubDevice(compiled, batch, critical));
            }
        }
        // All kinds first, so that each is measured with the profile that a process with several devices has.
        for (int i = 0; i < WARM_REPETITIONS; i++) {
            devices.forEach(each -> each.javaNs(ROUNDS));
            devices.forEach(each -> each.nativeNs(ROUNDS));
        }
        devices.forEach(StubMain::report);
        devices.forEach(StubDevice::close);
    }

    private static void report(StubDevice device) {
        double[] inJava = new double[REPETITIONS];
        double[] inC = new double[REPETITIONS];
        double[] added = new double[REPETITIONS];
        for (int i = 0; i < REPETITIONS; i++) {
            inJava[i] = device.javaNs(ROUNDS);
            inC[i] = device.nativeNs(ROUNDS);
            added[i] = inJava[i] - inC[i];
        }
        System.out.printf(Locale.ROOT,
                "%s javaNs=%.1f cNs=%.1f addedNs=%.1f quartiles=%.1f-%.1f bytesPerRound=%d%n", device,
                quantile(inJava, 2), quantile(inC, 2), quantile(added, 2), quantile(added, 1), quantile(added, 3),
                allocated(device));
    }

    private static long allocated(StubDevice device) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        long none = THREADS.getCurrentThreadAllocatedBytes() - before;
        before = THREADS.getCurrentThreadAllocatedBytes();
        device.javaNs(ROUNDS);
        return Math.ceilDiv(THREADS.getCurrentThreadAllocatedBytes() - before - none, ROUNDS);
    }

    private static double quantile(double[] values, int quarters) {
        Arrays.sort(values);
        return values[values.length * quarters / 4];
    }
}
