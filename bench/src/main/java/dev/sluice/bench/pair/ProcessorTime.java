package dev.sluice.bench.pair;

import com.sun.management.OperatingSystemMXBean;

import java.lang.management.ManagementFactory;

/** The processor time of this process: every thread, user and kernel, ended threads too. */
public final class ProcessorTime {

    private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory
            .getOperatingSystemMXBean();

    private ProcessorTime() {}

    /**
     * What was used up to now.
     *
     * @return nanoseconds, in the steps of the kernel's clock tick: 10 ms
     */
    public static long ofThisProcessNs() {
        return SYSTEM.getProcessCpuTime();
    }
}
