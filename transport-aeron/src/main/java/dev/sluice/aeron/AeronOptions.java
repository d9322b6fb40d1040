package dev.sluice.aeron;

import dev.sluice.Option;
import dev.sluice.StandardOptions;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The options of this transport, beside those that all share. */
public final class AeronOptions {
    /** An external media driver. */
    public static final Option<String> DIR = Option.ofText("aeron.dir", "",
            "directory of an external media driver; empty for one embedded in this process");
    /** How the embedded driver waits. */
    public static final Option<Boolean> SPIN = Option.ofSwitch("aeron.spin", false,
            "the thread of the embedded driver never sleeps; counts for the transport that starts it");
    /** The length of a term, of which a log has three. */
    public static final Option<Long> TERM_BYTES = Option.ofBytes("aeron.term", 256L << 10,
            "length of a term of a stream of data, half of which is its window; a power of two, 64k to 1g");
    /** The longest packet. */
    public static final Option<Long> MTU_BYTES = Option.ofBytes("aeron.mtu", 0L,
            "longest fragment with its header, a multiple of 32, at most an eighth of a term; 0 = 8k on this host, else 1408");

    private AeronOptions() {}

    /**
     * All that may be given.
     *
     * @return the standard options and these
     */
    public static Collection<Option<?>> all() {
        List<Option<?>> all = new ArrayList<>(StandardOptions.all());
        all.addAll(List.of(DIR, SPIN, TERM_BYTES, MTU_BYTES));
        return List.copyOf(all);
    }
}
