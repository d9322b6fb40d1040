package dev.sluice.aeron.data;

/** Who receives, and so what may become of messages that stand in Aeron's log. */
enum Keeping {
    /** The poller, which delivers next: messages stay in place until their handler had its turn. */
    DELIVERS,
    /** The poller, whose handler did not take a message: messages may be parked. */
    HELD_UP,
    /** The progress thread, while the poller is elsewhere: messages may be parked. */
    SERVES,
    /** The progress thread, while the poller delivers: what stands in place must stay there. */
    BUSY
}
