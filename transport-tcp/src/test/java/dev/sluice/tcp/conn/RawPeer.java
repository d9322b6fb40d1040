package dev.sluice.tcp.conn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Options;
import dev.sluice.internal.control.Refusal;
import dev.sluice.internal.frames.Terms;
import dev.sluice.tcp.conn.Hello.Kind;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;

/** A peer on a plain socket, that says what a test wants. */
final class RawPeer implements AutoCloseable {
    final Socket socket;

    RawPeer(URI listener) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), listener.getPort()));
    }

    RawPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) TestTime.LIMIT.toMillis());
    }

    static Hello hello(Kind kind, Token token, Terms terms) {
        return new Hello(kind, token, terms, Hello.NO_METADATA);
    }

    static byte[] encoded(Hello hello) {
        byte[] bytes = new byte[Wire.HELLO_BYTES];
        Wire.encode(hello, MemorySegment.ofArray(bytes));
        return bytes;
    }

    static byte[] goodHello() {
        return encoded(hello(Kind.DATA, Token.NONE, Terms.of(Options.none())));
    }

    RawPeer send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** The refusal, after which the stream must end without an error. */
    Refusal refusal() throws Exception {
        byte[] all = socket.getInputStream().readAllBytes();
        assertThat(all).as("an answer").hasSize(Wire.REFUSAL_BYTES);
        MemorySegment from = MemorySegment.ofArray(all);
        assertThat(Wire.frameBytes(from, all.length)).isEqualTo(Wire.REFUSAL_BYTES);
        assertThat(Wire.kind(from)).isEqualTo(Kind.REFUSE);
        return Wire.decodeRefusal(from);
    }

    Hello welcome() throws Exception {
        MemorySegment from = MemorySegment.ofArray(socket.getInputStream().readNBytes(Wire.HELLO_BYTES));
        Wire.frameBytes(from, from.byteSize());
        assertThat(Wire.kind(from)).isEqualTo(Kind.WELCOME);
        return Wire.decodeHello(from);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
