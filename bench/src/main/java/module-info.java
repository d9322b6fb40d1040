/** The sluice command: measures transports, serves a peer, examines the machine. */
module dev.sluice.bench {
    requires dev.sluice.api;
    requires com.fasterxml.jackson.core;
    requires info.picocli;
    requires io.aeron.all;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires java.management;
    requires jdk.management;
    requires HdrHistogram;

    opens dev.sluice.bench.cli to
            info.picocli;
}
