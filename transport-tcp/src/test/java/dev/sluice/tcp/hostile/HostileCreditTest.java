package dev.sluice.tcp.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Grant;
import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.Right;
import dev.sluice.tcp.ProcessFacts;
import dev.sluice.tcp.hostile.Victim.Attack;
import dev.sluice.testkit.hostile.RawFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;

/** A peer that takes more than it was given: credits, windows, immediates, reads. */
final class HostileCreditTest {
    private static final int HEADER_BYTES = 24;

    private Victim victim;

    @BeforeEach
    void open() throws Exception {
        victim = new Victim();
    }

    @AfterEach
    void close() throws Exception {
        victim.close();
    }

    private static byte[] many(RawFrame frame, int times) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            all.writeBytes(frame.bytes());
        }
        return all.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 60_000, 1 << 18})
    void shouldDeliverTheWindowAndEndConnectionWhenOneMessageMoreComes(int bytes) throws Exception {
        Attack attack = victim.attacked();
        RawPeer peer = attack.peer();
        RawFrame frame = RawFrame.message(bytes);
        int window = Math.min(peer.windowMessages(), peer.windowBytes() / (HEADER_BYTES + bytes));
        victim.heard.taking = false;
        sendWhilePolling(peer, many(frame, window));
        victim.requireHonestPairLives();
        victim.heard.taking = true;
        victim.until("the window is delivered", () -> victim.heard.messages.size() == window);

        Attack greedy = victim.attacked();
        victim.heard.taking = false;
        sendWhilePolling(greedy.peer(), many(frame, window + 1));
        victim.until("it is refused", () -> !greedy.connection().diagnostics().endedBecause().isEmpty());
        victim.heard.taking = true;
        greedy.requireEnd(DisconnectReason.PROTOCOL_ERROR, "credit");
        greedy.requireTold("credit");
        assertThat(victim.heard.ended).doesNotContainKey(attack.connection());
    }

    private void sendWhilePolling(RawPeer peer, byte[] bytes) throws Exception {
        Thread sender = Thread.ofPlatform().start(() -> {
            try {
                peer.send(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        victim.until("all is sent", () -> !sender.isAlive());
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
        int window = attack.peer().windowMessages();
        RawFrame message = RawFrame.message(0);
        RawFrame immediate = RawFrame.of(RawFrame.WRITE).flags(RawFrame.LAST | RawFrame.IMMEDIATE).extension(0, 0, 0,
                5);
        victim.heard.taking = false;
        sendWhilePolling(attack.peer(), message.bytes());
        sendWhilePolling(attack.peer(), many(immediate, window - 1));
        victim.requireHonestPairLives();
        assertThat(victim.heard.ended).doesNotContainKey(attack.connection());
        attack.peer().send(immediate);
        victim.until("it is refused", () -> !attack.connection().diagnostics().endedBecause().isEmpty());
        victim.heard.taking = true;
        attack.requireEnd(DisconnectReason.PROTOCOL_ERROR, "immediate");
        attack.requireTold("immediate");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 7, 9, -1, Long.MAX_VALUE, Long.MIN_VALUE})
    void shouldEndConnectionWhenImmediateTellsAnotherLengthThanWasWritten(long told) throws Exception {
        Attack attack = victim.attacked();
        long key = victim.grantTo(attack.connection(), Right.WRITE);
        attack.peer().send(RawFrame.of(RawFrame.WRITE).flags(RawFrame.LAST | RawFrame.IMMEDIATE)
                .extension(key, 0, told, 5).payload(new byte[8]));
        attack.requireEnd(DisconnectReason.PROTOCOL_ERROR, "length");
        attack.requireTold("length");
        assertThat(victim.heard.immediateLengths).isEmpty();
        victim.requireUntouched(0, 8);
    }

    @Test
    void shouldEndConnectionWhenOneReadMoreThanTheWindowComes() throws Exception {
        Attack attack = victim.attacked(4096);
        long bytes = 16 << 20;
        try (MemoryRegion large = victim.transport.allocate(bytes, Options.none());
                Grant grant = attack.connection().grant(large, 0, bytes, EnumSet.of(Right.READ))) {
            byte[] read = RawFrame.read(Victim.key(grant), 0, bytes).bytes();
            long resident = ProcessFacts.residentBytes();
            for (int i = 0; i < RawPeer.READS; i++) {
                attack.peer().send(read);
            }
            victim.requireHonestPairLives();
            assertThat(victim.heard.ended).isEmpty();
            attack.peer().send(read);
            attack.requireEnd(DisconnectReason.PROTOCOL_ERROR, "reads");
            assertThat(ProcessFacts.residentBytes() - resident).isLessThan(64 << 20);
        }
    }

    @ParameterizedTest
    @CsvSource({"32,1,0,true", "0,0,0,true", "-8,-1,0,true", "-2147483648,0,0,true", "33,1,0,false", "32,2,0,false",
        "2147483647,1,0,false", "32,2147483647,0,false", "32,1,1,false", "32,1,2147483647,false"})
    void shouldTakeBackNoMoreThanWasGivenWhenPeerReturnsCredits(int bytes, int messages, int applied, boolean legal)
            throws Exception {
        Attack attack = victim.attacked();
        Connection connection = attack.connection();
        assertThat(connection.offer(MemorySegment.ofArray(new long[1]), 0, 8)).isNotNegative();
        victim.until("it is sent", () -> connection.diagnostics().sentPosition() == 1);
        attack.peer().send(RawFrame.of(RawFrame.CONTROL).credit(bytes, messages).applied(applied), RawFrame.message(1));
        if (legal) {
            victim.until("the connection goes on", () -> victim.heard.messages.size() == 1);
            victim.requireHonestPairLives();
            assertThat(connection.diagnostics().consumedPosition()).isEqualTo(messages == 1 ? 1 : 0);
        } else {
            attack.requireEnd(DisconnectReason.PROTOCOL_ERROR, "returned credits");
            attack.requireTold("returned credits");
            assertThat(connection.diagnostics().consumedPosition()).isLessThanOrEqualTo(1);
        }
    }
}
