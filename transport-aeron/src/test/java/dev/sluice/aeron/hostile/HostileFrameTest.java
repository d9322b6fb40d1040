package dev.sluice.aeron.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.DisconnectReason;
import dev.sluice.Right;
import dev.sluice.aeron.hostile.Victim.Attack;
import dev.sluice.testkit.hostile.RawFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Fragments and headers that cannot be. Each ends its own connection, says why, and changes nothing else. */
@Tag("slow")
final class HostileFrameTest {
    private static final int CONTINUES = 8;
    private static final int PADDING = 0;
    private static final int DATA = 1;

    private Victim victim;

    @BeforeEach
    void open() throws Exception {
        victim = new Victim();
    }

    @AfterEach
    void close() throws Exception {
        victim.close();
    }

    private void requireRefused(String words, RawFrame... frames) throws Exception {
        Attack attack = victim.attacked();
        attack.peer().send(frames);
        attack.requireEndTold(DisconnectReason.PROTOCOL_ERROR, words);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldEndConnectionWhenMarkIsWrong(int type) throws Exception {
        for (int mark : new int[]{0, 0x1E5C, 0x5C1F, 0xFFFF}) {
            requireRefused("mark " + Integer.toHexString(mark), RawFrame.blank(type).mark(mark));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 13, 64, 127, -1, -128})
    void shouldEndConnectionWhenTypeIsUnknown(int type) throws Exception {
        requireRefused("type " + type, RawFrame.of(type));
    }

    static List<RawFrame> impossibleLengths() {
        List<RawFrame> all = new ArrayList<>();
        for (int type = RawFrame.MESSAGE; type <= RawFrame.TERMINATE; type++) {
            int limit = switch (type) {
                case RawFrame.MESSAGE, RawFrame.WRITE, RawFrame.DATA, RawFrame.FILE_WRITE -> 1 << 20;
                case RawFrame.CLOSE, RawFrame.TERMINATE -> 256;
                default -> 0;
            };
            for (int length : new int[]{-1, Integer.MIN_VALUE, Integer.MAX_VALUE, limit + 1}) {
                all.add(RawFrame.blank(type).announce(length));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("impossibleLengths")
    void shouldEndConnectionWhenLengthIsImpossible(RawFrame frame) throws Exception {
        requireRefused("announced", frame);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 23})
    void shouldEndConnectionWhenFragmentHoldsNoHeader(int bytes) throws Exception {
        Attack attack = victim.attacked();
        attack.peer().send(Arrays.copyOf(RawFrame.message(0).fragment(), bytes));
        attack.requireEndTold(DisconnectReason.PROTOCOL_ERROR, "fragment of " + bytes + " bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldEndConnectionWhenFragmentIsNotAsLongAsItsFrame(int type) throws Exception {
        byte[] whole = RawFrame.blank(type).fragment();
        for (int bytes : new int[]{whole.length - 1, whole.length + 1, whole.length + 8, RawPeer.MAX_FRAGMENT_BYTES}) {
            Attack attack = victim.attacked();
            attack.peer().send(Arrays.copyOf(whole, bytes));
            attack.requireEndTold(DisconnectReason.PROTOCOL_ERROR, "fragment of " + bytes + " bytes");
        }
    }

    @Test
    void shouldEndConnectionWhenMessageIsShorterThanItsFragment() throws Exception {
        requireRefused("fragment of", RawFrame.message(16).announce(8));
    }

    @ParameterizedTest
    @CsvSource({"0,1", "8,0", "8,-1", "8,9", "8,2147483647", "8,-2147483648"})
    void shouldEndConnectionWhenPartIsNotOfTheMessageUnderWay(int missing, int bytes) throws Exception {
        Attack attack = victim.attacked();
        if (missing > 0) {
            attack.peer().send(RawFrame.message(16).announce(16 + missing));
        }
        attack.peer().send(RawFrame.message(Math.clamp(bytes, 0, 64)).announce(bytes).flags(CONTINUES));
        attack.requireEndTold(DisconnectReason.PROTOCOL_ERROR, missing + " are missing");
        assertThat(victim.heard.messages).isEmpty();
    }

    @Test
    void shouldEndConnectionWhenMessageBeginsWithinAnother() throws Exception {
        requireRefused("within another", RawFrame.message(16).announce(24), RawFrame.message(4));
        assertThat(victim.heard.messages).isEmpty();
    }

    @Test
    void shouldEndConnectionWhenOutputEndsTwice() throws Exception {
        requireRefused("twice", RawFrame.of(RawFrame.END), RawFrame.of(RawFrame.END));
        assertThat(victim.heard.ends).isEqualTo(1);
    }

    @Test
    void shouldSaySoWhenPeerTerminatesForNonsense() throws Exception {
        Attack attack = victim.attacked();
        byte[] noUtf8 = RawFrame.filled(256, 0xC0);
        attack.peer().send(RawFrame.of(RawFrame.TERMINATE).flags(1).slot(Integer.MIN_VALUE).payload(noUtf8));
        attack.requireEnd(DisconnectReason.ACCESS_REFUSED_BY_PEER, "import a grant");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 8})
    void shouldAcceptNothingBeyondTheGrantWhenLengthIsZeroAndOffsetNonsense(int type) throws Exception {
        Attack attack = victim.attacked();
        long key = victim.grantTo(attack.connection(), Right.WRITE);
        attack.peer().send(RawFrame.of(type).flags(RawFrame.LAST).extension(key, -1, 0, 0), RawFrame.message(8));
        victim.until("the message behind it", () -> victim.heard.messages.size() == 1);
        victim.requireUntouched();
    }

    /** Aeron's own header, as only somebody writes it who does without Aeron. */
    @ParameterizedTest
    @ValueSource(ints = {1, 31, 256 << 10, (256 << 10) + 32, Integer.MAX_VALUE, Integer.MAX_VALUE - 31})
    void shouldEndConnectionWhenFragmentLeavesItsTerm(int lengthBytes) throws Exception {
        for (int type : new int[]{DATA, PADDING}) {
            Attack attack = victim.attacked();
            attack.peer().send(RawFrame.message(8));
            attack.peer().forge(lengthBytes, type);
            attack.requireEndTold(DisconnectReason.PROTOCOL_ERROR, "of its log");
            assertThat(victim.heard.messages).hasSize(1);
            victim.heard.messages.clear();
        }
    }
}
