package dev.sluice.aeron.conn;

import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.aeron.AeronOptions;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Aeron's channel URIs of a connection. An empty endpoint means IPC. */
final class Channels {
    private static final int CONTROL_TERM_BYTES = 64 << 10;
    /** Ethernet's 1500 bytes without the headers of IPv6 and UDP, and a multiple of 32; Aeron's own default. */
    private static final int ETHERNET_MTU = 1408;
    private static final int LOCAL_MTU = 8 << 10;
    private static final int MIN_TERM_BYTES = 64 << 10;
    private static final int MAX_TERM_BYTES = 1 << 30;
    private static final int TERMS_OF_MTU = 8;

    private final int termBytes;
    private final int mtu;

    private Channels(int termBytes, int mtu) {
        this.termBytes = termBytes;
        this.mtu = mtu;
    }

    /**
     * Those of a connection.
     *
     * @param options of the connection
     * @param isLocal whether its bytes stay on this host
     * @throws IllegalArgumentException when an option is out of its range
     */
    static Channels of(Options options, boolean isLocal) {
        long term = options.get(AeronOptions.TERM_BYTES);
        if (term < MIN_TERM_BYTES || term > MAX_TERM_BYTES || Long.bitCount(term) != 1) {
            throw new IllegalArgumentException("option '" + AeronOptions.TERM_BYTES + "' cannot be " + term
                    + ": it takes a power of two from 64k to 1g");
        }
        long asked = options.get(AeronOptions.MTU_BYTES);
        long most = Math.min(65504, term / TERMS_OF_MTU);
        if (asked != 0 && (asked < ETHERNET_MTU || asked > most || asked % 32 != 0)) {
            throw new IllegalArgumentException("option '" + AeronOptions.MTU_BYTES + "' cannot be " + asked
                    + ": it takes a multiple of 32 from " + ETHERNET_MTU + " to " + most + ", or 0");
        }
        long chosen = asked != 0 ? asked : isLocal ? LOCAL_MTU : ETHERNET_MTU;
        return new Channels((int) term, (int) Math.min(chosen, most));
    }

    String dataOut(String endpoint, int session) {
        return out(endpoint, termBytes, mtu) + "|session-id=" + session;
    }

    static String controlOut(String endpoint, int session) {
        return out(endpoint, CONTROL_TERM_BYTES, ETHERNET_MTU) + "|session-id=" + session;
    }

    static String hello(String endpoint) {
        return out(endpoint, CONTROL_TERM_BYTES, ETHERNET_MTU);
    }

    private static String out(String endpoint, int termBytes, int mtu) {
        String medium = endpoint.isEmpty() ? "aeron:ipc?" : "aeron:udp?endpoint=" + endpoint + "|";
        return medium + "term-length=" + termBytes + "|mtu=" + mtu + "|sparse=true";
    }

    static String in(String endpoint) {
        return endpoint.isEmpty() ? "aeron:ipc" : "aeron:udp?endpoint=" + endpoint;
    }

    static String in(String endpoint, int session) {
        return endpoint.isEmpty()
                ? "aeron:ipc?session-id=" + session
                : "aeron:udp?endpoint=" + endpoint + "|session-id=" + session;
    }

    /** An address as Aeron writes it. */
    static String endpoint(InetSocketAddress address) throws SluiceException {
        InetAddress host = address.getAddress();
        String text = host.getHostAddress();
        if (text.indexOf('%') >= 0) {
            throw new SluiceException("Aeron takes no IPv6 address with a scope: " + text, 0, "",
                    "Use an address of global or unique local scope");
        }
        return (text.indexOf(':') >= 0 ? "[" + text + "]" : text) + ":" + address.getPort();
    }
}
