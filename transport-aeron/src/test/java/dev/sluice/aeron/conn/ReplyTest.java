package dev.sluice.aeron.conn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;

class ReplyTest {
    private static ByteBuffer written(Reply reply) {
        ByteBuffer to = ByteBuffer.allocate(Words.MAX_BYTES);
        reply.put(to);
        return to.flip();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "127.0.0.1:1", "10.77.41.2:65535", "[::1]:40123", "[fe80::1]:9", "[::ffff:10.0.0.1]:9"})
    void shouldReadWhatWasWritten(String endpoint) throws Exception {
        Reply reply = Reply.at(endpoint);
        assertThat(Reply.read(written(reply))).isEqualTo(reply);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:1", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "256.0.0.1:1",
        "999.999.999.999:99999", "[::::]:1", "[....]:1", "[::1]:0", "::1:5", "0.0.0.0:5", "[::]:5", "224.0.0.1:5",
        "127.0.0.1:5|term-length=1g", "127.0.0.1:5,127.0.0.1:6", " 127.0.0.1:5"})
    void shouldRefuseWhatIsNoAddressOfAHost(String endpoint) {
        ByteBuffer written = written(Reply.at(endpoint));
        assertThatThrownBy(() -> Reply.read(written)).isInstanceOf(HandshakeException.class)
                .hasMessageContaining(endpoint);
    }
}
