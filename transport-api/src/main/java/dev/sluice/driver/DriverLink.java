package dev.sluice.driver;

import java.time.Duration;

/** What a connection of the upper levels needs of its driver. */
final class DriverLink {

    private final Mailbox mailbox;
    private final Thread poller;
    private final Duration operationTimeout;

    DriverLink(Mailbox mailbox, Thread poller, Duration operationTimeout) {
        this.mailbox = mailbox;
        this.poller = poller;
        this.operationTimeout = operationTimeout;
    }

    Mailbox mailbox() {
        return mailbox;
    }

    Thread poller() {
        return poller;
    }

    /** Zero is without end. */
    Duration operationTimeout() {
        return operationTimeout;
    }
}
