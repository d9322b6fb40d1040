package dev.sluice.shm.conn;

import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.Refusal;
import dev.sluice.internal.linux.DescriptorMessage;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.shm.memory.GrantedMemory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What goes over the socket of a connection, each frame a message of its own. Control thread only; one per loop, since all
 * frames share its buffer.
 *
 * <pre>
 *  0  magic (4), version (2), kind (2)
 *     hello, welcome:  8 id, 16 position, 24 detection ns, 32 ring bytes (4), 36 reads (4), 40 metadata bytes (4), 44 metadata
 *     refused:         8 by the application (4), 12 code (4), 16 bytes (4), 20 reason in UTF-8
 *     ready:           nothing more
 *     import:          8 request, 16 key, 24 slot (4)
 *     imported:        8 request, 16 file position, 24 length, 32 file bytes, 40 rights (4), 44 granted (4)
 *     close:           8 how (4), 12 bytes (4), 16 why in UTF-8
 * </pre>
 *
 * A welcome carries the connection's memory and the acceptor's doorbell, ready the dialler's doorbell, imported the memory of
 * a region. Integers are in native order: both ends are on one host.
 */
final class Wire {

    static final int HELLO = 1;
    static final int WELCOME = 2;
    static final int REFUSED = 3;
    static final int READY = 4;
    static final int IMPORT = 5;
    static final int IMPORTED = 6;
    static final int CLOSE = 7;

    /** In a close frame: the application closed. */
    static final int BY_APPLICATION = 0;
    /** In a close frame: the receiver of the frame broke access control. */
    static final int ACCESS_VIOLATION = 1;
    /** In a close frame: the receiver of the frame broke the protocol. */
    static final int PROTOCOL_ERROR = 2;

    static final int MAX_METADATA_BYTES = 32;

    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final int MAGIC = 0x4d48_534c;
    private static final short VERSION = 1;
    private static final int HEADER_BYTES = 8;
    private static final int METADATA = 44;
    private static final int HELLO_BYTES = METADATA + MAX_METADATA_BYTES;
    private static final String EVENT_COUNTER = "anon_inode:[eventfd]";

    private final NativeContext ctx;
    private final MemorySegment buffer;
    private final DescriptorMessage message = new DescriptorMessage(Arena.ofAuto());
    private long received;

    private Wire(ControlLoop loop) {
        ctx = loop.ctx();
        buffer = loop.buffer();
    }

    /** The loop's. */
    static Wire of(ControlLoop loop) {
        return loop.companion(Wire.class, Wire::new);
    }

    /** Sends a hello or welcome; 0 or minus the errno. */
    int sendTerms(int fd, int kind, Terms terms, byte[] metadata, int... descriptors) {
        buffer.asSlice(0, HELLO_BYTES).fill((byte) 0);
        buffer.set(I64, 8, terms.id());
        buffer.set(I64, 16, terms.position());
        buffer.set(I64, 24, terms.detectionNs());
        buffer.set(I32, 32, terms.ringBytes());
        buffer.set(I32, 36, terms.reads());
        buffer.set(I32, 40, metadata.length);
        MemorySegment.copy(metadata, 0, buffer, ValueLayout.JAVA_BYTE, METADATA, metadata.length);
        return send(fd, kind, HELLO_BYTES, descriptors);
    }

    Terms terms() throws HandshakeException {
        requireLength(HELLO_BYTES, HELLO_BYTES);
        Terms terms = new Terms(buffer.get(I64, 8), buffer.get(I64, 16), buffer.get(I64, 24), buffer.get(I32, 32),
                buffer.get(I32, 36));
        terms.check();
        return terms;
    }

    byte[] metadata() throws HandshakeException {
        int length = buffer.get(I32, 40);
        if (length < 0 || length > MAX_METADATA_BYTES) {
            throw new HandshakeException(Refusal.MALFORMED, "the metadata of the hello has " + length + " bytes");
        }
        return buffer.asSlice(METADATA, length).toArray(ValueLayout.JAVA_BYTE);
    }

    int sendRefused(int fd, Refusal refusal) {
        buffer.set(I32, 8, refusal.byApplication() ? 1 : 0);
        buffer.set(I32, 12, refusal.code());
        return send(fd, REFUSED, text(16, refusal.reasonBytes()));
    }

    Refusal refusal() throws HandshakeException {
        return new Refusal(buffer.get(I32, 8) != 0, buffer.get(I32, 12), text(16));
    }

    int sendReady(int fd, int doorbell) {
        return send(fd, READY, HEADER_BYTES, doorbell);
    }

    int sendImport(int fd, long request, long key, int slot) {
        buffer.set(I64, 8, request);
        buffer.set(I64, 16, key);
        buffer.set(I32, 24, slot);
        return send(fd, IMPORT, 28);
    }

    /** Answers an import; without a descriptor it is refused. */
    int sendImported(int fd, long request, GrantedMemory granted) {
        buffer.set(I64, 8, request);
        buffer.set(I64, 16, granted == null ? 0 : granted.position());
        buffer.set(I64, 24, granted == null ? 0 : granted.length());
        buffer.set(I64, 32, granted == null ? 0 : granted.fileBytes());
        buffer.set(I32, 40, granted == null ? 0 : granted.rights());
        buffer.set(I32, 44, granted == null ? 0 : 1);
        return granted == null ? send(fd, IMPORTED, 48) : send(fd, IMPORTED, 48, granted.fd());
    }

    long request() throws HandshakeException {
        requireLength(28, 48);
        return buffer.get(I64, 8);
    }

    long importKey() {
        return buffer.get(I64, 16);
    }

    int importSlot() {
        return buffer.get(I32, 24);
    }

    /** What an answer to an import says; null when it was refused. The descriptor is the caller's from now on. */
    GrantedMemory imported() throws HandshakeException {
        requireLength(48, 48);
        if (buffer.get(I32, 44) == 0) {
            return null;
        }
        if (message.count() != 1) {
            throw new HandshakeException(Refusal.MALFORMED, "an import came with " + message.count() + " descriptors");
        }
        return new GrantedMemory(message.take(0), buffer.get(I64, 16), buffer.get(I64, 24), buffer.get(I64, 32),
                buffer.get(I32, 40));
    }

    int sendClose(int fd, int how, String why) {
        buffer.set(I32, 8, how);
        return send(fd, CLOSE, text(12, Refusal.of(0, why).reasonBytes()));
    }

    int closeHow() {
        return buffer.get(I32, 8);
    }

    String closeWhy() throws HandshakeException {
        return text(12);
    }

    /**
     * Receives a frame.
     *
     * @return its kind, 0 when there is none now, -1 at the end of the stream
     * @throws HandshakeException when it is no frame of this version
     */
    int receive(int fd) throws HandshakeException {
        message.closeRest(ctx);
        received = message.receive(ctx, fd, buffer);
        if (received == -Errno.ECONNRESET) {
            // Said once when the peer had left something unread; what it sent before is still there.
            received = message.receive(ctx, fd, buffer);
        }
        if (received == -Errno.EAGAIN || received == -Errno.EINTR) {
            return 0;
        }
        if (received <= 0) {
            return -1;
        }
        if (message.isTruncated() || received < HEADER_BYTES || buffer.get(I32, 0) != MAGIC) {
            throw new HandshakeException(Refusal.NOT_SLUICE, "what came is no frame of Sluice's shared memory");
        }
        short version = buffer.get(ValueLayout.JAVA_SHORT, 4);
        if (version != VERSION) {
            throw new HandshakeException(Refusal.UNKNOWN_VERSION, "the peer speaks version " + version
                    + ", this end version " + VERSION + ": use the same release on both ends");
        }
        return buffer.get(ValueLayout.JAVA_SHORT, 6);
    }

    /** How many descriptors came with the last frame. */
    int descriptors() {
        return message.count();
    }

    /** Takes one; the caller closes it from now on. */
    int take(int index) {
        return message.take(index);
    }

    /** Closes the descriptors of the last frame that nobody took. */
    void closeRest() {
        message.closeRest(ctx);
    }

    /** Takes a doorbell out of the last frame, after looking at it: ringing anything else could block. */
    int takeDoorbell(int index) throws HandshakeException {
        int fd = take(index);
        int flags = FileDescriptors.fcntl(ctx, fd, FileDescriptors.F_GETFL, 0);
        if (flags >= 0 && (flags & FileDescriptors.O_NONBLOCK) != 0 && isEventCounter(fd)) {
            return fd;
        }
        FileDescriptors.close(ctx, fd);
        throw new HandshakeException(Refusal.MALFORMED, "the doorbell is no event counter that never blocks");
    }

    private static boolean isEventCounter(int fd) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString().equals(EVENT_COUNTER);
        } catch (IOException e) {
            return false;
        }
    }

    private int send(int fd, int kind, int length, int... descriptors) {
        buffer.set(I32, 0, MAGIC);
        buffer.set(ValueLayout.JAVA_SHORT, 4, VERSION);
        buffer.set(ValueLayout.JAVA_SHORT, 6, (short) kind);
        return (int) Math.min(message.send(ctx, fd, buffer, length, descriptors), 0);
    }

    private int text(int at, byte[] bytes) {
        buffer.set(I32, at, bytes.length);
        MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, at + 4, bytes.length);
        return at + 4 + bytes.length;
    }

    private String text(int at) throws HandshakeException {
        int length = received < at + 4 ? -1 : buffer.get(I32, at);
        if (length < 0 || length > Refusal.MAX_REASON_BYTES || length > received - at - 4) {
            throw new HandshakeException(Refusal.MALFORMED, "a frame's text has no sensible length");
        }
        byte[] bytes = buffer.asSlice(at + 4, length).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void requireLength(int min, int max) throws HandshakeException {
        if (received < min || received > max) {
            throw new HandshakeException(Refusal.MALFORMED, "a frame has " + received + " bytes, not " + min);
        }
    }
}
