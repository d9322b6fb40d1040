package dev.sluice.aeron.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Right;
import dev.sluice.aeron.hostile.Victim.Attack;
import dev.sluice.testkit.hostile.RawFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;

/** A peer that takes more than it was given: credits, windows, immediates, reads, beats that consume what was never sent. */
final class HostileCreditTest {
    private Victim victim;

    @BeforeEach
    void open() throws Exception {
        victim = new Victim();
    }

    @AfterEach
    void close() throws Exception {
        victim.close();
    }

    /** Sends so many, while the victim polls and its log would else be full. */
    private void send(Attack attack, RawFrame frame, int times) {
        byte[] fragment = frame.fragment();
        int[] left = {times};
        victim.until("all is sent", () -> {
            while (left[0] > 0 && attack.peer().trySend(fragment)) {
                left[0]--;
            }
            return left[0] == 0;
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 1000, 8000})
    void shouldDeliverTheWindowAndEndConnectionWhenOneMessageMoreComes(int bytes) throws Exception {
        Attack attack = victim.attacked();
        RawFrame frame = RawFrame.message(bytes);
        int window = Math.min(attack.peer().windowMessages(),
                attack.peer().windowBytes() / (RawFrame.HEADER_BYTES + bytes));
        victim.heard.taking = false;
        send(attack, frame, window);
        victim.requireHonestPairLives();
        assertThat(victim.heard.ended).isEmpty();
        attack.peer().send(frame);
        victim.until("it is refused", () -> !attack.connection().diagnostics().endedBecause().isEmpty());
        victim.heard.taking = true;
        attack.requireEndTold(DisconnectReason.PROTOCOL_ERROR, "credit");
    }

    /** An honest peer, this once: the answer of the handler tells it that its write is applied, without a frame for that alone. */
    @Test
    void shouldTakeTheAcknowledgementAlongWhenTheHandlerAnswers() throws Exception {
        Attack attack = victim.attacked();
        long key = victim.grantTo(attack.connection(), Right.WRITE);
        victim.heard.answering = true;
        attack.peer().send(RawFrame.of(RawFrame.WRITE).flags(RawFrame.LAST | RawFrame.IMMEDIATE)
                .extension(key, 0, 8, 5).payload(RawFrame.filled(8, Victim.PATTERN)));
        victim.until("it is delivered", () -> !victim.heard.immediateLengths.isEmpty());
        RawPeer.Frame first = attack.peer().receive();
        assertThat(first.type()).isEqualTo(RawFrame.MESSAGE);
        assertThat(first.applied()).as("writes applied").isEqualTo(1);
    }

    @Test
    void shouldEndConnectionWhenOneImmediateMoreThanTheWindowComes() throws Exception {
        Attack attack = victim.attacked();
        RawFrame immediate = RawFrame.of(RawFrame.WRITE).flags(RawFrame.LAST | RawFrame.IMMEDIATE)
                .extension(0, 0, 0, 5);
        victim.heard.taking = false;
        attack.peer().send(RawFrame.message(0));
        send(attack, immediate, attack.peer().windowMessages() - 1);
        victim.requireHonestPairLives();
        assertThat(victim.heard.ended).isEmpty();
        attack.peer().send(immediate);
        victim.until("it is refused", () -> !attack.connection().diagnostics().endedBecause().isEmpty());
        victim.heard.taking = true;
        attack.requireEndTold(DisconnectReason.PROTOCOL_ERROR, "immediate");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 7, 9, -1, Long.MAX_VALUE, Long.MIN_VALUE})
    void shouldEndConnectionWhenImmediateTellsAnotherLengthThanWasWritten(long told) throws Exception {
        Attack attack = victim.attacked();
        long key = victim.grantTo(attack.connection(), Right.WRITE);
        attack.peer().send(RawFrame.of(RawFrame.WRITE).flags(RawFrame.LAST | RawFrame.IMMEDIATE)
                .extension(key, 0, told, 5).payload(RawFrame.filled(8, Victim.PATTERN)));
        attack.requireEndTold(DisconnectReason.PROTOCOL_ERROR, "length");
        assertThat(victim.heard.immediateLengths).isEmpty();
    }

    @Test
    void shouldEndConnectionWhenMoreReadsComeThanTheWindowHolds() throws Exception {
        Attack attack = victim.attacked();
        long key = victim.grantTo(attack.connection(), Right.READ);
        // The answers fill the log, for nobody reads them; what was asked beyond stands in the window.
        RawFrame read = RawFrame.read(key, 0, Victim.GRANT_BYTES);
        victim.until("it is refused", () -> {
            attack.peer().trySend(read.fragment());
            return !attack.connection().diagnostics().endedBecause().isEmpty();
        });
        attack.requireEnd(DisconnectReason.PROTOCOL_ERROR, "reads");
        victim.requireUntouched();
    }

    @ParameterizedTest
    @CsvSource({"32,1,0,true", "0,0,0,true", "-8,-1,0,true", "-2147483648,0,0,true", "33,1,0,false", "32,2,0,false",
        "2147483647,1,0,false", "32,2147483647,0,false", "32,1,1,false", "32,1,2147483647,false"})
    void shouldTakeBackNoMoreThanWasGivenWhenPeerReturnsCredits(int bytes, int messages, int applied, boolean legal)
            throws Exception {
        Attack attack = victim.attacked();
        Connection connection = attack.connection();
        assertThat(connection.offer(MemorySegment.ofArray(new long[1]), 0, 8)).isNotNegative();
        attack.peer().send(RawFrame.of(RawFrame.CONTROL).credit(bytes, messages).applied(applied), RawFrame.message(1));
        if (legal) {
            victim.until("the connection goes on", () -> victim.heard.messages.size() == 1);
            victim.requireHonestPairLives();
            assertThat(connection.diagnostics().consumedPosition()).isEqualTo(messages == 1 ? 1 : 0);
        } else {
            attack.requireEndTold(DisconnectReason.PROTOCOL_ERROR, "returned credits");
            assertThat(connection.diagnostics().consumedPosition()).isLessThanOrEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {2, Long.MAX_VALUE})
    void shouldTellNoMoreConsumedThanWasSentWhenABeatSaysSo(long consumed) throws Exception {
        Attack attack = victim.attacked();
        Connection connection = attack.connection();
        assertThat(connection.offer(MemorySegment.ofArray(new long[1]), 0, 8)).isNotNegative();
        attack.peer().say(RawPeer.word(4, 1, consumed));
        victim.until("the beat is heard", () -> connection.diagnostics().consumedPosition() > 0);
        assertThat(connection.diagnostics().consumedPosition()).isEqualTo(1);
        victim.requireHonestPairLives();
    }
}
