package dev.sluice.aeron.conn;

import dev.sluice.internal.control.Refusal;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the dialling side wants to be answered. It names the sessions in both directions, so that either side takes its own
 * peer's streams and no others.
 *
 * @param endpoint its numeric address and port, empty for IPC
 * @param controlStream where it listens for words and beats
 * @param dataStream where it listens for data
 * @param controlSession of the acceptor's stream of control
 * @param dataSession of the acceptor's stream of data
 * @param ownControlSession of its own stream of control
 * @param ownDataSession of its own stream of data
 */
record Reply(String endpoint, int controlStream, int dataStream, int controlSession, int dataSession,
        int ownControlSession, int ownDataSession) {
    private static final int MAX_ENDPOINT_BYTES = 64;
    private static final int MAX_PORT = (1 << 16) - 1;
    /** Nothing in it can be taken for another parameter of a channel. */
    private static final Pattern ENDPOINT = Pattern
            .compile("(?:\\d{1,3}(?:\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.]{2,45}]):(?<port>\\d{1,5})");
    private static final SecureRandom RANDOM = new SecureRandom();

    /** A new one, with streams and sessions that nobody guesses. */
    static Reply at(String endpoint) {
        return new Reply(endpoint, newStream(), newStream(), RANDOM.nextInt(), RANDOM.nextInt(), RANDOM.nextInt(),
                RANDOM.nextInt());
    }

    /** The number of a stream that nobody guesses. */
    static int newStream() {
        return RANDOM.nextInt(1 << 16, Integer.MAX_VALUE);
    }

    void put(ByteBuffer to) {
        to.putInt(controlStream).putInt(dataStream).putInt(controlSession).putInt(dataSession)
                .putInt(ownControlSession).putInt(ownDataSession);
        Words.putBytes(to, endpoint.getBytes(StandardCharsets.US_ASCII));
    }

    static Reply read(ByteBuffer from) throws HandshakeException {
        int controlStream = from.getInt();
        int dataStream = from.getInt();
        int controlSession = from.getInt();
        int dataSession = from.getInt();
        int ownControlSession = from.getInt();
        int ownDataSession = from.getInt();
        String endpoint = new String(Words.readBytes(from, MAX_ENDPOINT_BYTES), StandardCharsets.US_ASCII);
        if (!endpoint.isEmpty() && !isAddress(endpoint)) {
            throw new HandshakeException(Refusal.MALFORMED, "'" + endpoint + "' is no numeric address and port");
        }
        return new Reply(endpoint, controlStream, dataStream, controlSession, dataSession, ownControlSession,
                ownDataSession);
    }

    /**
     * Over UDP the way back leads to where the hello came from: nobody can have a listener send to somebody else.
     *
     * @param source address and port, as Aeron writes them
     * @throws HandshakeException when it leads elsewhere
     */
    void requireHostOf(String source) throws HandshakeException {
        if (!endpoint.isEmpty() && !host(endpoint).equals(host(source))) {
            throw new HandshakeException(Refusal.MALFORMED,
                    "a hello from " + source + " that is to be answered at " + endpoint);
        }
    }

    private static InetAddress host(String endpoint) {
        String host = endpoint.substring(0, endpoint.lastIndexOf(':'));
        return InetAddress.ofLiteral(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
    }

    private static boolean isAddress(String endpoint) {
        Matcher parts = ENDPOINT.matcher(endpoint);
        if (!parts.matches()) {
            return false;
        }
        int port = Integer.parseInt(parts.group("port"));
        try {
            InetAddress host = host(endpoint);
            return port > 0 && port <= MAX_PORT && !host.isMulticastAddress() && !host.isAnyLocalAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
