package dev.sluice;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/** The options that every transport understands. A provider may add its own. */
public final class StandardOptions {

    /** How long connecting, and the handshake of an incoming request, may take. */
    public static final Option<Duration> CONNECT_TIMEOUT = Option.ofDuration("connectTimeout", Duration.ofSeconds(10),
            "longest time to connect, and for a request to be answered");

    /** How long a peer's process may be silent before its connections end. At least 50 ms. */
    public static final Option<Duration> DETECTION_TIME = Option.ofDuration("detectionTime", Duration.ofSeconds(5),
            "a peer process not heard from for this long is reported as unreachable");

    /** How long an accepted operation may pend before its connection ends; 0 for ever. */
    public static final Option<Duration> OPERATION_TIMEOUT = Option.ofDuration("operationTimeout",
            Duration.ofSeconds(30), "longest time of one operation, 0s = no limit");

    /** How many operations of one connection may be outstanding. */
    public static final Option<Integer> OUTSTANDING_OPERATIONS = Option.ofCount("outstandingOperations", 256,
            "operations one connection may have outstanding");

    /** How many reads and atomics a target serves at a time for one connection; the smaller side's value counts. */
    public static final Option<Integer> OUTSTANDING_READS = Option.ofCount("outstandingReads", 16,
            "reads and atomics one connection may have outstanding towards its peer");

    /** How much the messages under way to one receiver may take, headers included. A power of two. */
    public static final Option<Long> MESSAGE_BUFFER_BYTES = Option.ofBytes("messageBufferBytes", 2L << 20,
            "memory for messages under way, per direction; a power of two, at least 64k");

    /** How many completions and events a queue can hold; connections reserve from it when they are made. */
    public static final Option<Integer> QUEUE_ENTRIES = Option.ofCount("queueEntries", 1 << 20,
            "completion entries of a queue, reserved by its connections");

    /** How many requests a listener holds that nobody accepted yet. */
    public static final Option<Integer> BACKLOG = Option.ofCount("backlog", 128,
            "connection requests a listener holds; more are refused");

    /** Serves the peer's one-sided operations while the application does not poll, on transports that need it. */
    public static final Option<Boolean> PROGRESS_THREAD = Option.ofSwitch("progressThread", false,
            "a thread of the transport serves one-sided operations while nobody polls");

    /** Up to 32 bytes shown to the acceptor, as text in hexadecimal. */
    public static final Option<String> METADATA = Option.ofText("metadata", "",
            "up to 32 bytes for the acceptor, in hexadecimal");

    /** Aligns allocated memory to huge pages and asks the kernel for them. */
    public static final Option<Boolean> HUGE_PAGES = Option.ofSwitch("hugePages", false,
            "ask the kernel for huge pages behind allocated memory");

    /** Where the counters of messages start: for tests of what happens when they wrap. */
    public static final Option<Long> INITIAL_POSITION = Option.ofLong("initialPosition", 0,
            "start value of internal positions, for tests of wrap-around");

    private static final List<Option<?>> ALL = List.of(CONNECT_TIMEOUT, DETECTION_TIME, OPERATION_TIMEOUT,
            OUTSTANDING_OPERATIONS, OUTSTANDING_READS, MESSAGE_BUFFER_BYTES, QUEUE_ENTRIES, BACKLOG, PROGRESS_THREAD,
            METADATA, HUGE_PAGES, INITIAL_POSITION);

    private static final int MAX_METADATA_BYTES = 32;

    private StandardOptions() {}

    /**
     * The bytes that {@link #METADATA} stands for.
     *
     * @param options that may set it
     * @return up to 32 bytes
     * @throws IllegalArgumentException when it is not hexadecimal, or longer
     */
    public static byte[] metadata(Options options) {
        String text = options.get(METADATA);
        byte[] bytes;
        try {
            bytes = HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "option 'metadata' cannot be '" + text + "': it takes hexadecimal digits", e);
        }
        if (bytes.length > MAX_METADATA_BYTES) {
            throw new IllegalArgumentException("option 'metadata' has " + bytes.length + " bytes: it takes up to "
                    + MAX_METADATA_BYTES);
        }
        return bytes;
    }

    /**
     * All of them.
     *
     * @return an immutable list
     */
    public static List<Option<?>> all() {
        return ALL;
    }
}
