package dev.sluice.shm;

import dev.sluice.Option;
import dev.sluice.StandardOptions;

import java.util.ArrayList;
import java.util.List;

/** The options that shared memory adds to {@link StandardOptions}. */
public final class ShmOptions {

    /** Where allocated memory lies; -1 leaves it to the kernel. */
    public static final Option<Integer> NUMA_NODE = Option.ofCount("numaNode", -1,
            "NUMA node of allocated memory, -1 = the kernel's choice");

    private ShmOptions() {}

    /**
     * All that the transport understands.
     *
     * @return an immutable list
     */
    public static List<Option<?>> all() {
        List<Option<?>> all = new ArrayList<>(StandardOptions.all());
        all.add(NUMA_NODE);
        return List.copyOf(all);
    }
}
