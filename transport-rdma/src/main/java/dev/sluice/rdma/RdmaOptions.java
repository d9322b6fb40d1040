package dev.sluice.rdma;

import dev.sluice.Option;
import dev.sluice.StandardOptions;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** The options of the transport {@code rdma} beside the standard ones. */
public final class RdmaOptions {
    /** Which device, where there are several. */
    public static final Option<String> DEVICE = Option.ofText("dev", "",
            "the RDMA device, such as mlx5_0; without it the first one with an active port");

    /** Which of the device's addresses connections start from. */
    public static final Option<String> GID = Option.ofText("gid", "",
            "index in the device's GID table whose address connections start from; without it the route decides");

    private static final List<Option<?>> ALL = Stream.concat(StandardOptions.all().stream(), Stream.of(DEVICE, GID))
            .toList();

    private RdmaOptions() {}

    /**
     * All options that the transport understands.
     *
     * @return an immutable collection
     */
    public static Collection<Option<?>> all() {
        return ALL;
    }
}
