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

    /** Memory on reserved huge pages or none; where they do not suffice, an allocation fails. */
    public static final Option<Boolean> HUGE_PAGES_ONLY = Option.ofSwitch("hugePagesOnly", false,
            "allocate on reserved huge pages (vm.nr_hugepages), or fail");

    private ShmOptions() {}

    /**
     * All that the transport understands.
     *
     * @return an immutable list
     */
    public static List<Option<?>> all() {
        List<Option<?>> all = new ArrayList<>(StandardOptions.all());
        all.add(NUMA_NODE);
        all.add(HUGE_PAGES_ONLY);
        return List.copyOf(all);
    }
}
