package dev.sluice.tcp.hostile;

import dev.sluice.testkit.hostile.RawFrame;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A peer on plain Java sockets. It shakes hands as documented, then sends whatever a test gives it. What it offers: a window of
 * 1.5 MiB and 2,000 messages, 16 reads, all counters from 0.
 */
final class RawPeer implements AutoCloseable {
    static final int HELLO_BYTES = 128;

    static final int READS = 16;

    private static final byte[] MAGIC = {'S', 'L', 'U', 'I', 'C', 'E', '\r', '\n'};

    /** "SLUBYE_1". */
    private static final long FAREWELL = 0x315F_4559_4255_4C53L;

    private static final int LIMIT_MS = 6_000;

    private final Socket data = new Socket();

    private final Socket heartbeat = new Socket();

    private ByteBuffer welcome;

    /** A frame as it came. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Frame(int type, int flags, int slot, int applied, byte[] extension, byte[] payload) {
        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        long value(int index) {
            return ByteBuffer.wrap(extension).order(ByteOrder.LITTLE_ENDIAN).getLong(8 * index);
        }
    }

    /** Both sockets, the whole handshake; blocks until the other side's application has accepted. */
    static RawPeer connect(URI uri) throws IOException {
        return connect(uri, 0);
    }

    /** Also with a small receive buffer, so that little of what the other side sends gets away. */
    static RawPeer connect(URI uri, int receiveBufferBytes) throws IOException {
        RawPeer peer = new RawPeer();
        try {
            if (receiveBufferBytes > 0) {
                peer.data.setReceiveBufferSize(receiveBufferBytes);
            }
            InetSocketAddress where = new InetSocketAddress(uri.getHost(), uri.getPort());
            byte[] answer = greet(peer.data, where, hello(1, new byte[16]));
            peer.welcome = ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN);
            byte[] token = Arrays.copyOfRange(answer, 16, 32);
            greet(peer.heartbeat, where, hello(2, token));
            return peer;
        } catch (IOException e) {
            peer.close();
            throw e;
        }
    }

    static byte[] hello(int kind, byte[] token) {
        ByteBuffer b = ByteBuffer.allocate(HELLO_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        b.put(MAGIC).putShort((short) 1).putShort((short) HELLO_BYTES).put((byte) kind).put(13, (byte) 0);
        b.position(16).put(token);
        b.putLong(4711).putLong(0).putLong(60_000_000_000L);
        b.putInt(3 << 19).putInt(2000).putInt(1 << 20).putInt(1 << 18).putInt(READS);
        return b.array();
    }

    private static byte[] greet(Socket socket, InetSocketAddress where, byte[] hello) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(LIMIT_MS);
        socket.connect(where, LIMIT_MS);
        socket.getOutputStream().write(hello);
        byte[] welcome = new DataInputStream(socket.getInputStream()).readNBytes(HELLO_BYTES);
        if (welcome.length != HELLO_BYTES || welcome[12] != 3) {
            throw new IOException("not welcome");
        }
        return welcome;
    }

    /** How many bytes of messages the other side takes before it returns credit. */
    int windowBytes() {
        return welcome.getInt(56);
    }

    /** How many messages and immediates the other side takes before it returns credit. */
    int windowMessages() {
        return welcome.getInt(60);
    }

    Socket data() {
        return data;
    }

    /** Sends; a victim that has hung up already is no failure of the attack. */
    void send(byte[] bytes) throws IOException {
        try {
            data.getOutputStream().write(bytes);
        } catch (SocketException hungUp) {
            requireHungUp(hungUp);
        }
    }

    void send(RawFrame... frames) throws IOException {
        for (RawFrame frame : frames) {
            send(frame.bytes());
        }
    }

    /** Says on the other socket that it closes, and waits until the other side has heard that. */
    void sayFarewell() throws IOException {
        ByteBuffer b = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        heartbeat.getOutputStream().write(b.putLong(FAREWELL).putLong(1).putLong(0).array());
        try {
            while (heartbeat.getInputStream().read() >= 0) {
                // Heartbeats: it hangs up behind them.
            }
        } catch (SocketException hungUp) {
            requireHungUp(hungUp);
        }
    }

    private static void requireHungUp(SocketException e) throws SocketException {
        if (e.getMessage() == null || !e.getMessage().matches(".*(reset|[Bb]roken pipe).*")) {
            throw e;
        }
    }

    /** The next frame, or null when the stream has ended. */
    Frame receive() throws IOException {
        DataInputStream in = new DataInputStream(data.getInputStream());
        try {
            ByteBuffer header = ByteBuffer.wrap(exactly(in, 24)).order(ByteOrder.LITTLE_ENDIAN);
            int length = header.getInt(0);
            int type = header.get(4);
            byte[] extension = exactly(in, switch (type) {
                case RawFrame.DATA, RawFrame.RESULT -> 8;
                case RawFrame.READ -> 24;
                case RawFrame.WRITE, RawFrame.FILE_WRITE, RawFrame.ATOMIC -> 32;
                default -> 0;
            });
            byte[] payload = exactly(in, length);
            exactly(in, -length & 7);
            return new Frame(type, header.get(5), header.getInt(20), header.getInt(16), extension, payload);
        } catch (EOFException | SocketException ended) {
            return null;
        }
    }

    private static byte[] exactly(DataInputStream in, int bytes) throws IOException {
        byte[] all = new byte[bytes];
        in.readFully(all);
        return all;
    }

    /** All frames up to the end of the stream. */
    List<Frame> receiveAll() throws IOException {
        List<Frame> all = new ArrayList<>();
        for (Frame frame = receive(); frame != null; frame = receive()) {
            all.add(frame);
        }
        return all;
    }

    /** The next frame of a type; null when the stream ended before. */
    Frame receive(int type) throws IOException {
        Frame frame = receive();
        while (frame != null && frame.type() != type) {
            frame = receive();
        }
        return frame;
    }

    @Override
    public void close() throws IOException {
        heartbeat.close();
        data.close();
    }
}
