package dev.sluice.tcp.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.FileMode;
import dev.sluice.Grant;
import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.RemoteRegion;
import dev.sluice.Right;
import dev.sluice.SluiceFile;
import dev.sluice.Status;
import dev.sluice.spi.EncodedGrant;
import dev.sluice.tcp.hostile.Victim.Attack;
import dev.sluice.testkit.hostile.Heard;
import dev.sluice.testkit.hostile.RawFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;

/** Answers to what was not asked, or not like that. No operation may be told that it succeeded. */
final class HostileAnswerTest {
    private static final long PEER_ID = 4711;

    private static final long REMOTE_BYTES = 1L << 30;

    @TempDir
    private Path folder;

    private Victim victim;

    private Attack attack;

    private Connection connection;

    @BeforeEach
    void open() throws Exception {
        victim = new Victim();
        attack = victim.attacked(4096);
        connection = attack.connection();
    }

    @AfterEach
    void close() throws Exception {
        victim.close();
    }

    /** Memory that the raw peer pretends to grant. */
    private RemoteRegion remote() throws Exception {
        MemorySegment encoded = MemorySegment.ofArray(new long[8]);
        new EncodedGrant(PEER_ID, 99, 0, REMOTE_BYTES, 0, EnumSet.allOf(Right.class)).encode("tcp", encoded, 0);
        return connection.importRegion(encoded, 0);
    }

    private void requireNobodyAsked(String words) throws Exception {
        attack.requireEnd(DisconnectReason.PROTOCOL_ERROR, words);
        attack.requireTold(words);
        assertThat(victim.heard.completions).noneMatch(each -> each.status() == Status.OK);
        victim.requireUntouched();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 257, 258, -1, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void shouldEndConnectionWhenNothingWasAskedFor(int slot) throws Exception {
        attack.peer().send(RawFrame.blank(RawFrame.DATA).slot(slot).payload(new byte[8]));
        requireNobodyAsked("nobody asked");
        attack = victim.attacked();
        attack.peer().send(RawFrame.blank(RawFrame.RESULT).slot(slot));
        requireNobodyAsked("nobody asked");
        if (slot != 0) {
            attack = victim.attacked();
            attack.peer().send(RawFrame.blank(RawFrame.FILE_ACK).slot(slot));
            requireNobodyAsked("never got");
        }
    }

    @ParameterizedTest
    @CsvSource({"0,8,true", "8,56,true", "1,63,false", "0,65,false", "0,0,true", "-8,8,false",
        "9223372036854775807,8,false"})
    void shouldEndConnectionWhenDataIsNotWhatWasAskedFor(long offset, int bytes, boolean last) throws Exception {
        connection.read(victim.region, Victim.GRANT_OFFSET, remote(), 0, 64, 5, 0);
        int slot = attack.peer().receive(RawFrame.READ).slot();
        attack.peer().send(RawFrame.of(RawFrame.DATA).flags(last ? RawFrame.LAST : 0).slot(slot).extension(offset)
                .payload(RawFrame.filled(bytes, 0x5A)));
        requireNobodyAsked("nobody asked");
        assertThat(victim.heard.completions).extracting(Heard.Completion::status).containsExactly(Status.FLUSHED);
    }

    @Test
    void shouldEndConnectionWhenReadIsAnsweredTwice() throws Exception {
        connection.read(victim.region, 0, remote(), 0, 8, 5, 0);
        int slot = attack.peer().receive(RawFrame.READ).slot();
        RawFrame answer = RawFrame.blank(RawFrame.DATA).slot(slot).payload(RawFrame.filled(8, 0x5A));
        attack.peer().send(answer, answer);
        attack.requireEnd(DisconnectReason.PROTOCOL_ERROR, "nobody asked");
        assertThat(victim.heard.completions).extracting(Heard.Completion::status).containsExactly(Status.OK);
    }

    @Test
    void shouldEndConnectionWhenAnswerIsOfAnotherKindThanTheQuestion() throws Exception {
        connection.fetchAndAdd(remote(), 0, 1, 5, 0);
        int slot = attack.peer().receive(RawFrame.ATOMIC).slot();
        attack.peer().send(RawFrame.blank(RawFrame.DATA).slot(slot));
        requireNobodyAsked("nobody asked");
        attack = victim.attacked();
        connection = attack.connection();
        connection.read(victim.region, 0, remote(), 0, 8, 5, 0);
        slot = attack.peer().receive(RawFrame.READ).slot();
        attack.peer().send(RawFrame.blank(RawFrame.RESULT).slot(slot));
        requireNobodyAsked("nobody asked");
    }

    /** The question stands behind a fence, and has not left. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldEndConnectionWhenAnswerComesBeforeItsQuestion(boolean read) throws Exception {
        RemoteRegion remote = remote();
        connection.read(victim.region, 0, remote, 0, 8, 1, 0);
        int first = attack.peer().receive(RawFrame.READ).slot();
        if (read) {
            connection.read(victim.region, 8, remote, 0, 8, 2, Connection.FENCE);
        } else {
            connection.fetchAndAdd(remote, 0, 1, 2, Connection.FENCE);
        }
        RawFrame answer = read
                ? RawFrame.blank(RawFrame.DATA).payload(RawFrame.filled(8, 0x5A))
                : RawFrame.blank(RawFrame.RESULT);
        attack.peer().send(answer.slot(first + 1));
        requireNobodyAsked("nobody asked");
        assertThat(victim.heard.completions).hasSize(2);
    }

    /** While a payload is on its way its memory is lent, whatever the peer claims to have placed. */
    @Test
    void shouldKeepMemoryLentWhenPeerAcknowledgesWhatIsNotSent() throws Exception {
        int each = 100_000;
        int count = 200;
        RemoteRegion remote = remote();
        try (MemoryRegion source = victim.transport.allocate((long) each * count, Options.none())) {
            source.segment().fill((byte) 1);
            for (int i = 0; i < count; i++) {
                assertThat(connection.write(source, (long) i * each, remote, 0, each, i, 0)).isNotNegative();
            }
            victim.requireHonestPairLives();
            int applied = 0;
            while (victim.heard.completions.size() == applied) {
                applied++;
                attack.peer().send(RawFrame.of(RawFrame.CONTROL).applied(applied));
                victim.requireHonestPairLives();
            }
            assertThat(victim.heard.ended).as("%s", connection.diagnostics().endedBecause()).isEmpty();
            for (Heard.Completion done : victim.heard.completions) {
                source.segment().asSlice(done.cookie() * each, each).fill((byte) 2);
            }
            byte[] lent = new byte[each * count];
            Arrays.fill(lent, (byte) 1);
            assertThat(Arrays.mismatch(payload(lent.length), lent)).isEqualTo(-1);
            connection.close();
        }
    }

    /** What the next writes bring, in however many frames, read on a thread of its own while everybody is polled. */
    private byte[] payload(int bytes) throws Exception {
        CompletableFuture<byte[]> reading = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                ByteArrayOutputStream all = new ByteArrayOutputStream(bytes);
                while (all.size() < bytes) {
                    RawPeer.Frame frame = attack.peer().receive(RawFrame.WRITE);
                    if (frame == null) {
                        throw new IOException("the connection ended after " + all.size() + " bytes");
                    }
                    all.writeBytes(frame.payload());
                }
                reading.complete(all.toByteArray());
            } catch (IOException | RuntimeException e) {
                reading.completeExceptionally(e);
            }
        });
        victim.until("all is read", reading::isDone);
        return reading.get();
    }

    @Test
    void shouldWriteNothingIntoTheFileWhenPartIsAnsweredShort() throws Exception {
        Path path = Files.write(folder.resolve("target"), RawFrame.filled(100, 3));
        try (SluiceFile file = victim.transport.openFile(path, FileMode.READ_WRITE, Options.none())) {
            connection.readToFile(remote(), 0, 64, file, 0, 5, 0);
            victim.requireHonestPairLives();
            int part = attack.peer().receive(RawFrame.READ).slot();
            attack.peer().send(RawFrame.blank(RawFrame.DATA).slot(part).payload(RawFrame.filled(8, 4)));
            requireNobodyAsked("nobody asked");
        }
        assertThat(Files.readAllBytes(path)).containsOnly(3);
    }

    @Test
    void shouldReadOnAfterwardsWhenAnswersAreProper() throws Exception {
        connection.read(victim.region, Victim.GRANT_OFFSET, remote(), 0, 64, 5, 0);
        int slot = attack.peer().receive(RawFrame.READ).slot();
        attack.peer().send(RawFrame.of(RawFrame.DATA).slot(slot).extension(0).payload(RawFrame.filled(24, 1)),
                RawFrame.of(RawFrame.DATA).flags(RawFrame.LAST).slot(slot).extension(24)
                        .payload(RawFrame.filled(40, 2)));
        victim.until("it completes", () -> victim.heard.completions.size() == 1);
        assertThat(victim.heard.completions.getFirst().status()).isEqualTo(Status.OK);
        byte[] read = victim.region.segment().asSlice(Victim.GRANT_OFFSET, 64).toArray(ValueLayout.JAVA_BYTE);
        assertThat(read).startsWith(RawFrame.filled(24, 1)).endsWith(RawFrame.filled(40, 2));
        try (Grant unaffected = connection.grant(victim.region, 0, 8, EnumSet.of(Right.READ))) {
            assertThat(Victim.key(unaffected)).isNotZero();
        }
    }
}
