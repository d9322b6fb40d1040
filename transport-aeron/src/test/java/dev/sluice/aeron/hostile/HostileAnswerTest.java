package dev.sluice.aeron.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.FileMode;
import dev.sluice.Options;
import dev.sluice.RemoteRegion;
import dev.sluice.Right;
import dev.sluice.SluiceFile;
import dev.sluice.Status;
import dev.sluice.aeron.hostile.Victim.Attack;
import dev.sluice.spi.EncodedGrant;
import dev.sluice.testkit.hostile.Heard;
import dev.sluice.testkit.hostile.RawFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;

/** Answers to what was not asked, or not like that. No operation may be told that it succeeded. */
final class HostileAnswerTest {
    @TempDir
    private Path folder;

    private Victim victim;
    private Attack attack;
    private Connection connection;

    @BeforeEach
    void open() throws Exception {
        victim = new Victim();
        attackAnew();
    }

    private void attackAnew() throws Exception {
        attack = victim.attacked();
        connection = attack.connection();
    }

    @AfterEach
    void close() throws Exception {
        victim.close();
    }

    /** Memory that the raw peer pretends to grant. */
    private RemoteRegion remote() throws Exception {
        MemorySegment encoded = MemorySegment.ofArray(new long[8]);
        new EncodedGrant(RawPeer.ID, 99, 0, 1L << 30, 0, EnumSet.allOf(Right.class)).encode("aeron", encoded, 0);
        return connection.importRegion(encoded, 0);
    }

    private void requireRefused(String words) {
        attack.requireEndTold(DisconnectReason.PROTOCOL_ERROR, words);
        assertThat(victim.heard.completions).noneMatch(each -> each.status() == Status.OK);
    }

    /** What it asked for comes out with the next polls. */
    private int asked(int type) {
        victim.requireHonestPairLives();
        return attack.peer().receive(type).slot();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 257, 258, -1, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void shouldEndConnectionWhenNothingWasAskedFor(int slot) throws Exception {
        attack.peer().send(RawFrame.blank(RawFrame.DATA).slot(slot).payload(new byte[8]));
        requireRefused("nobody asked");
        attackAnew();
        attack.peer().send(RawFrame.blank(RawFrame.RESULT).slot(slot));
        requireRefused("nobody asked");
        if (slot != 0) {
            attackAnew();
            attack.peer().send(RawFrame.blank(RawFrame.FILE_ACK).slot(slot));
            requireRefused("never got");
        }
    }

    @ParameterizedTest
    @CsvSource({"0,8,true", "8,56,true", "1,63,false", "0,65,false", "0,0,true", "-8,8,false",
        "9223372036854775807,8,false"})
    void shouldEndConnectionWhenDataIsNotWhatWasAskedFor(long offset, int bytes, boolean last) throws Exception {
        connection.read(victim.region, Victim.GRANT_OFFSET, remote(), 0, 64, 5, 0);
        int slot = asked(RawFrame.READ);
        attack.peer().send(RawFrame.of(RawFrame.DATA).flags(last ? RawFrame.LAST : 0).slot(slot).extension(offset)
                .payload(RawFrame.filled(bytes, 0x33)));
        requireRefused("nobody asked");
        assertThat(victim.heard.completions).extracting(Heard.Completion::status).containsExactly(Status.FLUSHED);
    }

    @Test
    void shouldEndConnectionWhenReadIsAnsweredTwice() throws Exception {
        connection.read(victim.region, 0, remote(), 0, 8, 5, 0);
        RawFrame answer = RawFrame.blank(RawFrame.DATA).slot(asked(RawFrame.READ))
                .payload(RawFrame.filled(8, Victim.PATTERN));
        attack.peer().send(answer, answer);
        attack.requireEndTold(DisconnectReason.PROTOCOL_ERROR, "nobody asked");
        assertThat(victim.heard.completions).extracting(Heard.Completion::status).containsExactly(Status.OK);
    }

    @Test
    void shouldEndConnectionWhenAnswerIsOfAnotherKindThanTheQuestion() throws Exception {
        connection.fetchAndAdd(remote(), 0, 1, 5, 0);
        attack.peer().send(RawFrame.blank(RawFrame.DATA).slot(asked(RawFrame.ATOMIC)));
        requireRefused("nobody asked");
        attackAnew();
        connection.read(victim.region, 0, remote(), 0, 8, 5, 0);
        attack.peer().send(RawFrame.blank(RawFrame.RESULT).slot(asked(RawFrame.READ)));
        requireRefused("nobody asked");
    }

    /** The question stands behind a fence, and has not left. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldEndConnectionWhenAnswerComesBeforeItsQuestion(boolean read) throws Exception {
        RemoteRegion remote = remote();
        connection.read(victim.region, 0, remote, 0, 8, 1, 0);
        int first = asked(RawFrame.READ);
        if (read) {
            connection.read(victim.region, 8, remote, 0, 8, 2, Connection.FENCE);
        } else {
            connection.fetchAndAdd(remote, 0, 1, 2, Connection.FENCE);
        }
        RawFrame answer = read
                ? RawFrame.blank(RawFrame.DATA).payload(RawFrame.filled(8, 0x33))
                : RawFrame.blank(RawFrame.RESULT);
        attack.peer().send(answer.slot(first + 1));
        requireRefused("nobody asked");
        assertThat(victim.heard.completions).hasSize(2);
    }

    @Test
    void shouldEndConnectionWhenAWriteIsAcknowledgedThatIsNotSent() throws Exception {
        attack.peer().send(RawFrame.of(RawFrame.CONTROL).applied(1));
        requireRefused("acknowledged writes");
        attackAnew();
        connection.write(victim.region, 0, remote(), 0, 8, 5, 0);
        asked(RawFrame.WRITE);
        attack.peer().send(RawFrame.of(RawFrame.CONTROL).applied(2));
        requireRefused("acknowledged writes");
    }

    @Test
    void shouldWriteNothingIntoTheFileWhenPartIsAnsweredShort() throws Exception {
        Path path = Files.write(folder.resolve("target"), RawFrame.filled(100, 3));
        try (SluiceFile file = victim.transport.openFile(path, FileMode.READ_WRITE, Options.none())) {
            connection.readToFile(remote(), 0, 64, file, 0, 5, 0);
            int part = asked(RawFrame.READ);
            attack.peer().send(RawFrame.blank(RawFrame.DATA).slot(part).payload(RawFrame.filled(8, 4)));
            requireRefused("nobody asked");
        }
        assertThat(Files.readAllBytes(path)).containsOnly(3);
    }

    @Test
    void shouldReadOnWhenAnswersAreProper() throws Exception {
        connection.read(victim.region, Victim.GRANT_OFFSET, remote(), 0, 64, 5, 0);
        int slot = asked(RawFrame.READ);
        attack.peer().send(RawFrame.of(RawFrame.DATA).slot(slot).extension(0).payload(RawFrame.filled(24, 1)),
                RawFrame.of(RawFrame.DATA).flags(RawFrame.LAST).slot(slot).extension(24)
                        .payload(RawFrame.filled(40, 2)));
        victim.until("it completes", () -> victim.heard.completions.size() == 1);
        assertThat(victim.heard.completions.getFirst().status()).isEqualTo(Status.OK);
        byte[] read = victim.region.segment().asSlice(Victim.GRANT_OFFSET, 64).toArray(ValueLayout.JAVA_BYTE);
        assertThat(read).startsWith(RawFrame.filled(24, 1)).endsWith(RawFrame.filled(40, 2));
    }
}
