package dev.sluice.auto;

import dev.sluice.Option;

import java.util.List;

/** The options of an {@code auto://} address, beside those of the transports. */
public final class AutoOptions {

    /** Which transports may be used, the best first; for either end. */
    public static final Option<String> TRANSPORTS = Option.ofText("transports", "shm,rdma,tcp",
            "transports that may be chosen, the best first, with commas between them");

    /** At which port the transports listen, those that have ports; the rendezvous has the address's own. */
    public static final Option<Integer> DATA_PORT = Option.ofCount("dataPort", 0,
            "port at which an auto listener's transports listen, for firewalls; 0 takes any");

    private static final List<Option<?>> ALL = List.of(TRANSPORTS, DATA_PORT);

    private AutoOptions() {}

    /**
     * All of them.
     *
     * @return an immutable list
     */
    public static List<Option<?>> all() {
        return ALL;
    }
}
