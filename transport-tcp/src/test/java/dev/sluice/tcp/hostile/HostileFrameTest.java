package dev.sluice.tcp.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.DisconnectReason;
import dev.sluice.Right;
import dev.sluice.tcp.ProcessFacts;
import dev.sluice.tcp.hostile.Victim.Attack;
import dev.sluice.testkit.hostile.RawFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Headers that cannot be: marks, types, lengths. Each ends its own connection, says why, and changes nothing else. */
final class HostileFrameTest {
    private static final int MAX_MESSAGE_BYTES = 1 << 20;

    private static final int MAX_CHUNK_BYTES = 1 << 20;

    private static final int MAX_TEXT_BYTES = 256;

    private Victim victim;

    @BeforeEach
    void open() throws Exception {
        victim = new Victim();
    }

    @AfterEach
    void close() throws Exception {
        victim.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldEndConnectionWhenMarkIsWrong(int type) throws Exception {
        for (int mark : new int[]{0, 0x1E5C, 0x5C1F, 0xFFFF}) {
            Attack attack = victim.attacked();
            attack.peer().send(RawFrame.blank(type).mark(mark));
            attack.requireEnd(DisconnectReason.PROTOCOL_ERROR, "mark " + Integer.toHexString(mark));
            attack.requireTold("mark");
        }
        victim.requireUntouched();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 13, 64, 127, -1, -128})
    void shouldEndConnectionWhenTypeIsUnknown(int type) throws Exception {
        Attack attack = victim.attacked();
        attack.peer().send(RawFrame.of(type));
        attack.requireEnd(DisconnectReason.PROTOCOL_ERROR, "type " + type);
        attack.requireTold("type " + type);
    }

    static List<RawFrame> impossibleLengths() {
        List<RawFrame> all = new ArrayList<>();
        for (int type = RawFrame.MESSAGE; type <= RawFrame.TERMINATE; type++) {
            int limit = switch (type) {
                case RawFrame.MESSAGE -> MAX_MESSAGE_BYTES;
                case RawFrame.WRITE, RawFrame.DATA, RawFrame.FILE_WRITE -> MAX_CHUNK_BYTES;
                case RawFrame.CLOSE, RawFrame.TERMINATE -> MAX_TEXT_BYTES;
                default -> 0;
            };
            for (int length : new int[]{-1, Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE - 7, limit + 1}) {
                all.add(RawFrame.blank(type).announce(length));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("impossibleLengths")
    void shouldEndConnectionAndReserveNothingWhenLengthIsImpossible(RawFrame frame) throws Exception {
        Attack attack = victim.attacked();
        victim.requireHonestPairLives();
        long before = ProcessFacts.allocatedBytes();
        long residentBefore = ProcessFacts.residentBytes();
        attack.peer().send(frame);
        attack.requireEnd(DisconnectReason.PROTOCOL_ERROR, "announced");
        attack.requireTold("announced");
        assertThat(ProcessFacts.allocatedBytes() - before).as("bytes allocated for %s", frame).isLessThan(8 << 20);
        assertThat(ProcessFacts.residentBytes() - residentBefore).as("memory for %s", frame).isLessThan(64 << 20);
        victim.requireUntouched();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 8})
    void shouldAcceptNothingBeyondTheGrantWhenLengthIsZeroAndOffsetNonsense(int type) throws Exception {
        Attack attack = victim.attacked();
        long key = victim.grantTo(attack.connection(), Right.WRITE);
        attack.peer().send(RawFrame.of(type).flags(RawFrame.LAST).extension(key, -1, 0, 0));
        attack.peer().send(RawFrame.message(8));
        victim.until("the message behind it", () -> victim.heard.messages.size() == 1);
        victim.requireUntouched();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 6, 7, 8, 11, 12})
    void shouldReportPeerAsDeadWhenStreamIsCutInsideAHeader(int type) throws Exception {
        byte[] whole = RawFrame.blank(type).announce(type == 4 || type == 6 || type == 7 ? 0 : 200).bytes();
        for (int cut : new int[]{1, 5, 23}) {
            Attack attack = victim.attacked();
            attack.peer().send(Arrays.copyOf(whole, cut));
            attack.peer().close();
            assertThat(attack.awaitEnd()).isEqualTo(DisconnectReason.PEER_DIED);
            assertThat(attack.connection().diagnostics().endedBecause())
                    .contains(attack.connection().peer().toString());
            victim.requireHonestPairLives();
        }
    }

    @Test
    void shouldEndConnectionWhenOutputEndsTwice() throws Exception {
        Attack attack = victim.attacked();
        attack.peer().send(RawFrame.of(RawFrame.END), RawFrame.of(RawFrame.END));
        attack.requireEnd(DisconnectReason.PROTOCOL_ERROR, "twice");
        attack.requireTold("twice");
        assertThat(victim.heard.ends).isEqualTo(1);
    }

    @Test
    void shouldSaySoWhenPeerTerminatesForNonsense() throws Exception {
        Attack attack = victim.attacked();
        byte[] noUtf8 = RawFrame.filled(256, 0xC0);
        attack.peer().send(RawFrame.of(RawFrame.TERMINATE).flags(1).slot(Integer.MIN_VALUE).payload(noUtf8));
        attack.requireEnd(DisconnectReason.ACCESS_REFUSED_BY_PEER, "import a grant");
    }

    /** The two go different ways: across hosts, or with a slow poller, the farewell is heard first. */
    @Test
    void shouldTellThePeersLastWordsWhenItsFarewellComesBeforeThem() throws Exception {
        Attack attack = victim.attacked();
        attack.peer().sayFarewell();
        victim.requireHonestPairLives();
        attack.peer().send(RawFrame.of(RawFrame.TERMINATE).flags(1));
        attack.requireEnd(DisconnectReason.ACCESS_REFUSED_BY_PEER, "import a grant");
    }

    @Test
    void shouldSayThatThePeerClosedWhenItSaysOnlyFarewell() throws Exception {
        Attack attack = victim.attacked();
        attack.peer().sayFarewell();
        attack.requireEnd(DisconnectReason.PEER_CLOSED, "closed");
    }
}
