package dev.sluice.aeron.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ConnectionRequest;
import dev.sluice.DisconnectReason;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.aeron.hostile.Victim.Attack;
import dev.sluice.testkit.hostile.RawFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Words of the handshake and of the heartbeats that cannot be, and peers that stop half-way. */
@Tag("slow")
final class HostileWordsTest {
    private static final int HELLO_BYTES = 92;

    private Victim victim;

    @BeforeEach
    void open() throws Exception {
        victim = new Victim();
    }

    @AfterEach
    void close() throws Exception {
        victim.close();
    }

    private void requireNewcomersServed() throws Exception {
        victim.heard.messages.clear();
        victim.attacked().peer().send(RawFrame.message(3));
        victim.until("a newcomer is served", () -> victim.heard.messages.size() == 1);
        victim.requireHonestPairLives();
    }

    @Test
    void shouldServeOthersWhenHellosAreNone() throws Exception {
        RawPeer stranger = victim.stranger();
        for (int bytes : new int[]{0, 1, 15, 16, 60, HELLO_BYTES - 1, HELLO_BYTES + 1, 1000}) {
            stranger.sayHello(Arrays.copyOf(stranger.hello(), bytes));
        }
        for (int kind : new int[]{0, 2, 3, 4, 5, 6, -1}) {
            stranger.sayHello(altered(stranger.hello(), b -> b.putShort(10, (short) kind)));
        }
        stranger.sayHello(altered(stranger.hello(), b -> b.putShort(8, (short) 2)));
        stranger.sayHello(altered(stranger.hello(), b -> b.putLong(0, 0)));
        for (int length : new int[]{-1, 0, HELLO_BYTES - 1, Integer.MAX_VALUE}) {
            stranger.sayHello(altered(stranger.hello(), b -> b.putInt(12, length)));
            stranger.sayHello(altered(stranger.hello(), b -> b.putInt(HELLO_BYTES - 8, length == 0 ? 5 : length)));
        }
        for (int at : new int[]{16, 32, 40, 44, 48, 52, 56}) {
            stranger.sayHello(altered(stranger.hello(), b -> b.putInt(at, -1).putInt(at + 4, -1)));
        }
        requireNewcomersServed();
    }

    private static byte[] altered(byte[] word, Consumer<ByteBuffer> change) {
        change.accept(ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN));
        return word;
    }

    @Test
    void shouldServeOthersWhenHellosAreRandom() throws Exception {
        RawPeer stranger = victim.stranger();
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            byte[] word = new byte[random.nextInt(400)];
            random.nextBytes(word);
            System.arraycopy(stranger.hello(), 0, word, 0, Math.min(word.length, random.nextInt(40)));
            stranger.sayHello(word);
        }
        requireNewcomersServed();
    }

    /** A number, what it has consumed; and what else a beat is not. */
    static List<byte[]> malformedBeats() {
        return List.of(new byte[0], new byte[15], new byte[16], new byte[32], new byte[400],
                RawPeer.word(4), RawPeer.word(4, 1), RawPeer.word(4, 1, 0, 0), RawPeer.word(4, 2, 0),
                RawPeer.word(4, 0, 0), RawPeer.word(4, -1, 0), RawPeer.word(4, 1, -1), RawPeer.word(1, 1, 0),
                RawPeer.word(2, 1, 0), RawPeer.word(3, 1, 0), RawPeer.word(6, 1, 0), RawPeer.word(0, 1, 0));
    }

    @ParameterizedTest
    @MethodSource("malformedBeats")
    void shouldEndConnectionWhenABeatIsMalformed(byte[] beat) throws Exception {
        Attack attack = victim.attacked();
        attack.peer().say(beat);
        attack.requireEnd(DisconnectReason.PROTOCOL_ERROR, "malformed");
        victim.requireUntouched();
    }

    @Test
    void shouldSayThatThePeerClosedWhenItSaysSo() throws Exception {
        Attack attack = victim.attacked();
        attack.peer().say(RawPeer.word(4, 1, 0));
        attack.peer().say(RawPeer.word(5, 2, 0));
        attack.requireEnd(DisconnectReason.PEER_CLOSED, "closed");
    }

    /** The two go different ways: over UDP, or with a slow poller, the farewell is heard first. */
    @Test
    void shouldTellThePeersLastWordsWhenItsFarewellComesBeforeThem() throws Exception {
        Attack attack = victim.attacked();
        attack.peer().say(RawPeer.word(5, 1, 0));
        attack.peer().awaitHeard();
        victim.requireHonestPairLives();
        attack.peer().send(RawFrame.of(RawFrame.TERMINATE).flags(1));
        attack.requireEnd(DisconnectReason.ACCESS_REFUSED_BY_PEER, "import a grant");
    }

    /** The peer says hello, is welcome, and its streams never come; whether it ends its hello or not. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFailToAcceptInTimeWhenThePeerStopsHalfWay(boolean gone) throws Exception {
        try (var listener = victim.transport.listen(victim.address().resolve("/half-open-" + gone),
                Options.none())) {
            RawPeer peer = RawPeer.at(listener.address());
            peer.sayHello(peer.hello());
            ConnectionRequest request = listener.accept(Duration.ofSeconds(10)).orElseThrow();
            if (gone) {
                peer.close();
            }
            Options brief = Options.none().with(StandardOptions.CONNECT_TIMEOUT,
                    gone ? Duration.ofMinutes(10) : Duration.ofMillis(300));
            assertThatThrownBy(() -> request.accept(victim.queue, brief)).isInstanceOf(SluiceException.class)
                    .hasMessageContaining(request.peer().toString());
            if (!gone) {
                peer.close();
            }
        }
        victim.requireHonestPairLives();
    }

    @Test
    void shouldRefuseWhenTheBacklogIsFullOfTheSilent() throws Exception {
        for (int i = 0; i < 200; i++) {
            RawPeer stranger = victim.stranger();
            stranger.sayHello(stranger.hello());
        }
        RawPeer late = victim.stranger();
        late.sayHello(late.hello());
        ByteBuffer answer = late.answer();
        assertThat(answer.getShort(10)).as("a refusal").isEqualTo((short) 3);
        victim.requireHonestPairLives();
    }
}
