package dev.sluice.aeron.hostile;

import dev.sluice.SluiceException;
import dev.sluice.aeron.driver.Clients;
import dev.sluice.aeron.driver.Names;
import dev.sluice.testkit.hostile.RawFrame;
import dev.sluice.testkit.peer.Tuning;
import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.driver.status.StreamCounter;
import io.aeron.driver.status.SubscriberPos;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/**
 * A peer on plain Aeron, over IPC. It shakes hands as documented, then sends whatever a test gives it. What it offers: a window
 * of 1.5 MiB and 2,000 messages, 16 reads, all counters from 0.
 */
final class RawPeer implements AutoCloseable {
    static final int READS = 16;
    static final int ID = 4711;
    /** The longest fragment. */
    static final int MAX_FRAGMENT_BYTES = (8 << 10) - 32;
    private static final int TERM_BYTES = 256 << 10;
    private static final long MAGIC = 0x4541_4543_4955_4C53L;
    private static final long LIMIT_NS = Tuning.seconds(10).toNanos();

    private final Clients.Client client;
    private final Aeron aeron;
    private final int[] numbers = ThreadLocalRandom.current().ints(6, 1 << 16, Integer.MAX_VALUE).toArray();
    private final Subscription controlFrom;
    private final Subscription dataFrom;
    private final ExclusivePublication hello;
    private ExclusivePublication controlTo;
    private ExclusivePublication dataTo;
    private Image dataIn;
    private byte[] heard;
    private boolean closed;

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

    private RawPeer(Names.Place place) throws SluiceException {
        client = Clients.at(place.driver());
        aeron = client.aeron();
        controlFrom = aeron.addSubscription("aeron:ipc?session-id=" + numbers[2], numbers[0]);
        dataFrom = aeron.addSubscription("aeron:ipc?session-id=" + numbers[3], numbers[1]);
        hello = aeron.addExclusivePublication("aeron:ipc?term-length=64k", place.stream());
    }

    /** One that has said nothing yet. */
    static RawPeer at(URI listener) throws SluiceException {
        return new RawPeer(Names.find("", listener.getPath().substring(1)));
    }

    /** The whole handshake; blocks until the other side's application has accepted. */
    static RawPeer connect(URI listener) throws SluiceException {
        RawPeer peer = at(listener);
        boolean done = false;
        try {
            peer.sayHello(peer.hello());
            peer.openStreams();
            done = true;
            return peer;
        } finally {
            if (!done) {
                peer.close();
            }
        }
    }

    /** The hello that it should say. */
    byte[] hello() {
        ByteBuffer b = ByteBuffer.allocate(92).order(ByteOrder.LITTLE_ENDIAN);
        b.putLong(MAGIC).putShort((short) 1).putShort((short) 1).putInt(92);
        b.putLong(ID).putLong(0).putLong(60_000_000_000L);
        b.putInt(3 << 19).putInt(2000).putInt(1 << 20).putInt(1 << 18).putInt(READS);
        for (int number : numbers) {
            b.putInt(number);
        }
        return b.putInt(0).putInt(0).array();
    }

    void sayHello(byte[] word) {
        await("the listener", hello::isConnected);
        say(hello, word);
    }

    /** A word on the stream of control. */
    void say(byte[] word) {
        say(controlTo, word);
    }

    /** Waits until the other side's control thread has heard all words. */
    void awaitHeard() {
        await("words heard", () -> {
            boolean[] heardAll = {false};
            CountersReader counters = aeron.countersReader();
            counters.forEach((counter, type, key,
                    label) -> heardAll[0] |= type == SubscriberPos.SUBSCRIBER_POSITION_TYPE_ID
                            && key.getInt(StreamCounter.SESSION_ID_OFFSET) == controlTo.sessionId()
                            && counters.getCounterValue(counter) == controlTo.position());
            return heardAll[0];
        });
    }

    /** A word, well formed up to its body: the kinds are 1 hello, 2 welcome, 3 refusal, 4 beat, 5 farewell. */
    static byte[] word(int kind, long... body) {
        ByteBuffer b = ByteBuffer.allocate(16 + 8 * body.length).order(ByteOrder.LITTLE_ENDIAN);
        b.putLong(MAGIC).putShort((short) 1).putShort((short) kind).putInt(b.capacity());
        for (long value : body) {
            b.putLong(value);
        }
        return b.array();
    }

    /** What the other side said first. */
    ByteBuffer answer() {
        await("an answer", () -> {
            Image image = controlFrom.imageBySessionId(numbers[2]);
            if (image != null && heard == null) {
                image.poll((buffer, offset, length, header) -> {
                    heard = new byte[length];
                    buffer.getBytes(offset, heard);
                }, 1);
            }
            return heard != null;
        });
        return ByteBuffer.wrap(heard).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void openStreams() {
        ByteBuffer welcome = answer();
        if (welcome.getShort(10) != 2) {
            throw new AssertionError("not welcome");
        }
        controlTo = aeron.addExclusivePublication("aeron:ipc?term-length=64k|session-id=" + numbers[4],
                welcome.getInt(60));
        dataTo = aeron.addExclusivePublication("aeron:ipc?term-length=256k|mtu=8k|session-id=" + numbers[5],
                welcome.getInt(64));
        await("all streams", () -> {
            dataIn = dataFrom.imageBySessionId(numbers[3]);
            return dataIn != null && controlTo.isConnected() && dataTo.isConnected();
        });
    }

    /** How many bytes of messages the other side takes before it returns credit. */
    int windowBytes() {
        return answer().getInt(40);
    }

    /** How many messages and immediates the other side takes before it returns credit. */
    int windowMessages() {
        return answer().getInt(44);
    }

    /** Sends a fragment; a victim that has hung up already is no failure of the attack. */
    void send(byte[] fragment) {
        say(dataTo, fragment);
    }

    /** Sends each in a fragment of its own. */
    void send(RawFrame... frames) {
        for (RawFrame frame : frames) {
            send(frame.fragment());
        }
    }

    /** Whether a fragment finds space. */
    boolean trySend(byte[] fragment) {
        return dataTo.offer(new UnsafeBuffer(fragment)) >= 0;
    }

    private static void say(ExclusivePublication to, byte[] bytes) {
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        await("space in the log", () -> to.offer(buffer) >= 0 || to.isClosed() || !to.isConnected());
    }

    /** Writes the beginning of a fragment into the log as no Aeron does. */
    void forge(int lengthBytes, int type) throws IOException {
        Path log = client.driver().resolve("publications").resolve(dataTo.originalRegistrationId() + ".logbuffer");
        long position = dataTo.position();
        long at = position / TERM_BYTES % 3 * TERM_BYTES + position % TERM_BYTES;
        ByteBuffer b = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(lengthBytes).put((byte) 0).put((byte) 0xC0).putShort((short) type).flip();
        try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
            file.write(b.slice(4, 4), at + 4);
            file.write(b.slice(0, 4), at);
        }
    }

    /** The next frame, or null when the stream has ended. */
    Frame receive() {
        Frame[] next = new Frame[1];
        await("a frame, or the end", () -> dataIn.poll((buffer, offset, length, header) -> {
            byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            next[0] = parse(bytes);
        }, 1) > 0 || dataIn.isEndOfStream() || dataIn.isClosed());
        return next[0];
    }

    private static Frame parse(byte[] bytes) {
        ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int type = b.get(4);
        byte[] extension = new byte[switch (type) {
            case RawFrame.DATA, RawFrame.RESULT -> 8;
            case RawFrame.READ -> 24;
            case RawFrame.WRITE, RawFrame.FILE_WRITE, RawFrame.ATOMIC -> 32;
            default -> 0;
        }];
        byte[] payload = new byte[bytes.length - RawFrame.HEADER_BYTES - extension.length];
        b.position(RawFrame.HEADER_BYTES).get(extension).get(payload);
        return new Frame(type, b.get(5), b.getInt(20), b.getInt(16), extension, payload);
    }

    /** The next frame of a type; null when the stream ended before. */
    Frame receive(int type) {
        Frame frame = receive();
        while (frame != null && frame.type() != type) {
            frame = receive();
        }
        return frame;
    }

    private static void await(String what, BooleanSupplier condition) {
        long beganNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - beganNs > LIMIT_NS) {
                throw new AssertionError("in vain: " + what);
            }
            Thread.yield();
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        hello.close();
        if (dataTo != null) {
            dataTo.close();
        }
        if (controlTo != null) {
            controlTo.close();
        }
        dataFrom.close();
        controlFrom.close();
        client.release();
    }
}
