package dev.sluice.bench.reference;

import io.aeron.Aeron;

import java.util.Locale;

/** How a ping-pong written directly against Aeron goes: the channels, of which both ends make the same. */
enum AeronMedium {
    /** Over the loopback address, a driver in each process. */
    UDP("mtu=8192"),
    /** Through shared memory and the far process's driver. */
    IPC("mtu=8192");

    /** From the near end to the echo. */
    static final int PING = 1001;
    /** Back. */
    static final int PONG = 1002;

    private final String parameters;

    AeronMedium(String mtu) {
        parameters = "term-length=262144|" + mtu + "|sparse=true";
    }

    /** As on a command line. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static AeronMedium of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    /** Where to speak, or to listen; the port has no meaning for IPC. */
    String channel(int port) {
        return this == IPC ? "aeron:ipc?" + parameters : "aeron:udp?endpoint=127.0.0.1:" + port + "|" + parameters;
    }

    /** A client of a driver. */
    static Aeron connect(String directory) {
        return Aeron.connect(new Aeron.Context().aeronDirectoryName(directory));
    }
}
