package dev.sluice.auto;

import dev.sluice.auto.Hello.Purpose;
import dev.sluice.spi.SluiceUri;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The bytes of a rendezvous, little-endian: a hello of 48 bytes (magic, version, purpose, length of the metadata, metadata),
 * and an answer of a header of 32 bytes (magic, version, status, length, count, token) with a body of at most 2 KiB: the
 * offers, or the reason of a refusal. All versions begin with the magic and the version.
 */
final class Wire {

    static final long MAGIC = ByteBuffer.wrap("SluiceAu".getBytes(StandardCharsets.US_ASCII))
            .order(ByteOrder.LITTLE_ENDIAN).getLong();
    static final short VERSION = 1;
    static final int HELLO_BYTES = 48;
    static final int HEADER_BYTES = 32;
    static final int MAX_BODY_BYTES = 2048;
    static final int MAX_METADATA_BYTES = 32;

    private static final int PREFIX_BYTES = 10;
    private static final int MAX_OFFERS = 8;
    private static final int MAX_TEXT_BYTES = 200;
    private static final int OK = 0;

    private Wire() {}

    static byte[] encode(Hello hello) {
        byte[] bytes = new byte[HELLO_BYTES];
        over(bytes).putLong(MAGIC).putShort(VERSION).putShort((short) hello.purpose().code())
                .putShort((short) hello.metadata().byteSize()).putShort((short) 0)
                .put(hello.metadata().asByteBuffer());
        return bytes;
    }

    static byte[] encode(Answer answer) {
        ByteBuffer body = over(new byte[MAX_BODY_BYTES]);
        answer.offers().forEach((scheme, address) -> {
            put(body, scheme);
            put(body, address.toString());
        });
        return answer(OK, answer.offers().size(), answer.token(), body);
    }

    static byte[] encode(RefusedException refusal) {
        ByteBuffer body = over(new byte[MAX_BODY_BYTES]);
        put(body, refusal.getMessage());
        return answer(refusal.code(), 1, new Token(0, 0), body);
    }

    /** Reads a hello; a stranger or another version is recognised by its first bytes, however few follow. */
    static Hello readHello(Socket from, long deadlineNs) throws IOException {
        byte[] bytes = new byte[HELLO_BYTES];
        read(from, bytes, 0, PREFIX_BYTES, deadlineNs);
        requireOurs(bytes, "the hello");
        read(from, bytes, PREFIX_BYTES, HELLO_BYTES, deadlineNs);
        ByteBuffer b = over(bytes);
        Purpose purpose = Purpose.of(b.getShort(10));
        int length = b.getShort(12);
        if (purpose == null || length < 0 || length > MAX_METADATA_BYTES || b.getShort(14) != 0) {
            throw malformed("a hello of purpose " + b.getShort(10) + " with " + length + " bytes of metadata");
        }
        return new Hello(purpose, MemorySegment.ofArray(Arrays.copyOfRange(bytes, 16, 16 + length)));
    }

    /** Reads an answer; one that refuses is thrown. */
    static Answer readAnswer(Socket from, long deadlineNs) throws IOException {
        byte[] header = new byte[HEADER_BYTES];
        read(from, header, 0, PREFIX_BYTES, deadlineNs);
        requireOurs(header, "the answer");
        read(from, header, PREFIX_BYTES, HEADER_BYTES, deadlineNs);
        ByteBuffer h = over(header);
        int status = h.getShort(10);
        int length = h.getShort(12);
        int count = h.getShort(14);
        if (length < 0 || length > MAX_BODY_BYTES || count < 0 || count > MAX_OFFERS) {
            throw malformed("an answer of " + length + " bytes with " + count + " entries");
        }
        byte[] bytes = new byte[length];
        read(from, bytes, 0, length, deadlineNs);
        ByteBuffer body = over(bytes);
        if (status != OK) {
            throw new RefusedException(status, text(body));
        }
        return new Answer(Token.read(h.position(16)), offers(body, count));
    }

    private static Map<String, URI> offers(ByteBuffer body, int count) throws RefusedException {
        Map<String, URI> offers = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String scheme = text(body);
            offers.put(scheme, address(scheme, text(body)));
        }
        return offers;
    }

    /** An address has no query: the options of a connection are the dialing end's. */
    private static URI address(String scheme, String text) throws RefusedException {
        try {
            URI uri = URI.create(text);
            if (SluiceUri.parse(uri).scheme().equals(scheme) && uri.getRawQuery() == null
                    && uri.getRawFragment() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Said below, for both.
        }
        throw malformed("'" + text + "' is no address of '" + scheme + "'");
    }

    private static void requireOurs(byte[] bytes, String what) throws RefusedException {
        if (over(bytes).getLong(0) != MAGIC) {
            throw new RefusedException(RefusedException.NOT_SLUICE, what + " is not of a rendezvous of Sluice");
        }
        short version = over(bytes).getShort(8);
        if (version != VERSION) {
            throw new RefusedException(RefusedException.UNKNOWN_VERSION,
                    what + " is of version " + version + " of the rendezvous, this side speaks " + VERSION);
        }
    }

    /** Fills a part of the array; the deadline is of the whole, however slowly the bytes come. */
    private static void read(Socket from, byte[] to, int start, int end, long deadlineNs) throws IOException {
        InputStream in = from.getInputStream();
        int at = start;
        while (at < end) {
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
            if (leftMillis <= 0) {
                throw new SocketTimeoutException("the time was up after " + at + " bytes");
            }
            from.setSoTimeout((int) Math.min(leftMillis, Integer.MAX_VALUE));
            int n = in.read(to, at, end - at);
            if (n < 0) {
                throw new EOFException("the other side ended after " + at + " bytes");
            }
            at += n;
        }
    }

    private static byte[] answer(int status, int count, Token token, ByteBuffer body) {
        byte[] bytes = new byte[HEADER_BYTES + body.position()];
        ByteBuffer b = over(bytes).putLong(MAGIC).putShort(VERSION).putShort((short) status)
                .putShort((short) body.position()).putShort((short) count);
        token.write(b);
        b.put(body.flip());
        return bytes;
    }

    private static void put(ByteBuffer to, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, MAX_TEXT_BYTES);
        to.put((byte) length).put(bytes, 0, length);
    }

    private static String text(ByteBuffer from) throws RefusedException {
        int length = from.hasRemaining() ? Byte.toUnsignedInt(from.get()) : -1;
        if (length < 0 || length > MAX_TEXT_BYTES || length > from.remaining()) {
            throw malformed("a text of the answer is cut off");
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static RefusedException malformed(String what) {
        return new RefusedException(RefusedException.MALFORMED, what);
    }

    private static ByteBuffer over(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
