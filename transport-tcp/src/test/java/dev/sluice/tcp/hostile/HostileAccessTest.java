package dev.sluice.tcp.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.DisconnectReason;
import dev.sluice.Right;
import dev.sluice.tcp.hostile.Victim.Attack;
import dev.sluice.testkit.hostile.RawFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/** Memory that was not granted, or not like that. No byte changes, none is shown, the offender is told. */
final class HostileAccessTest {
    private static final int LENGTH = Victim.GRANT_BYTES;

    private Victim victim;

    @BeforeEach
    void open() throws Exception {
        victim = new Victim();
    }

    @AfterEach
    void close() throws Exception {
        victim.close();
    }

    /** Sends the frame that the key makes, and demands the end of the connection and of it alone. */
    private void requireRefused(Attack attack, RawFrame frame) throws Exception {
        attack.peer().send(frame.slot(3));
        attack.requireEnd(DisconnectReason.ACCESS_VIOLATION_BY_PEER, "was not granted");
        RawPeer.Frame told = attack.requireTold("was not granted");
        assertThat(told.flags()).as("marks an access").isEqualTo(1);
        assertThat(told.slot()).as("names the operation").isEqualTo(3);
        victim.requireUntouched();
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndConnectionWhenAnyBitOfTheKeyIsAltered(Access access) throws Exception {
        for (int bit = 0; bit < Long.SIZE; bit++) {
            Attack attack = victim.attacked();
            long key = victim.grantTo(attack.connection(), Right.READ, Right.WRITE, Right.ATOMIC);
            requireRefused(attack, access.frame(key ^ (1L << bit), 0, 8));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndConnectionWhenKeyIsRevoked(Access access) throws Exception {
        Attack attack = victim.attacked();
        long key = victim.grantTo(attack.connection(), Right.READ, Right.WRITE, Right.ATOMIC);
        victim.lastGrant().close();
        requireRefused(attack, access.frame(key, 0, 8));
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndConnectionWhenRevokedPlaceIsGrantedAnew(Access access) throws Exception {
        Attack attack = victim.attacked();
        long stale = victim.grantTo(attack.connection(), Right.READ, Right.WRITE, Right.ATOMIC);
        victim.lastGrant().close();
        victim.grantTo(attack.connection(), Right.READ, Right.WRITE, Right.ATOMIC);
        requireRefused(attack, access.frame(stale, 0, 8));
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndConnectionWhenKeyBelongsToAnotherConnection(Access access) throws Exception {
        Attack owner = victim.attacked();
        long key = victim.grantTo(owner.connection(), Right.READ, Right.WRITE, Right.ATOMIC);
        Attack thief = victim.attacked();
        requireRefused(thief, access.frame(key, 0, 8));
        assertThat(victim.heard.ended).as("the owner's connection lives").doesNotContainKey(owner.connection());
        owner.peer().send(RawFrame.read(key, 0, 8).slot(9));
        victim.until("the owner's read is served", () -> available(owner) >= 40);
        assertThat(owner.peer().receive(RawFrame.DATA).slot()).isEqualTo(9);
    }

    private static int available(Attack attack) {
        try {
            return attack.peer().data().getInputStream().available();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<long[]> outsideOfTheGrant() {
        long huge = Long.MAX_VALUE;
        return List.of(new long[]{-1, 8}, new long[]{-8, 8}, new long[]{LENGTH - 7, 8}, new long[]{LENGTH, 8},
                new long[]{0, LENGTH + 1}, new long[]{1, LENGTH}, new long[]{huge, 8}, new long[]{huge - 7, 8},
                new long[]{Long.MIN_VALUE, 8}, new long[]{1L << 32, 8}, new long[]{1L << 63, 1});
    }

    @ParameterizedTest
    @MethodSource("outsideOfTheGrant")
    void shouldEndConnectionWhenWriteIsOutOfBounds(long[] range) throws Exception {
        Attack attack = victim.attacked();
        long key = victim.grantTo(attack.connection(), Right.WRITE);
        requireRefused(attack, RawFrame.write(key, range[0], RawFrame.filled((int) range[1], 1)));
    }

    @ParameterizedTest
    @MethodSource("outsideOfTheGrant")
    void shouldEndConnectionWhenReadIsOutOfBounds(long[] range) throws Exception {
        Attack attack = victim.attacked();
        long key = victim.grantTo(attack.connection(), Right.READ);
        requireRefused(attack, RawFrame.read(key, range[0], range[1]));
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, -1, Long.MIN_VALUE, 1L << 32, Integer.MAX_VALUE})
    void shouldEndConnectionWhenReadIsOfAnImpossibleLength(long bytes) throws Exception {
        for (long offset : new long[]{0, 1, LENGTH, Long.MAX_VALUE, -1}) {
            Attack attack = victim.attacked();
            long key = victim.grantTo(attack.connection(), Right.READ);
            requireRefused(attack, RawFrame.read(key, offset, bytes));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-8, -1, 1, 4, 7, LENGTH - 7, LENGTH - 4, LENGTH, LENGTH + 8, Long.MAX_VALUE - 7,
        Long.MIN_VALUE})
    void shouldEndConnectionWhenAtomicIsMisplaced(long offset) throws Exception {
        for (int flags : new int[]{RawFrame.LAST, RawFrame.LAST | RawFrame.SWAP}) {
            Attack attack = victim.attacked();
            long key = victim.grantTo(attack.connection(), Right.ATOMIC);
            requireRefused(attack, RawFrame.add(key, offset, 1).flags(flags));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndConnectionWhenRightIsMissing(Access access) throws Exception {
        Right[] others = Arrays.stream(Right.values()).filter(each -> each != access.right)
                .toArray(Right[]::new);
        Attack attack = victim.attacked();
        long key = victim.grantTo(attack.connection(), others[0], others);
        requireRefused(attack, access.frame(key, 0, 8));
    }

    @Test
    void shouldTouchTheGrantAloneWhenAccessIsToItsVeryEnds() throws Exception {
        Attack attack = victim.attacked();
        long key = victim.grantTo(attack.connection(), Right.READ, Right.WRITE, Right.ATOMIC);
        attack.peer().send(RawFrame.write(key, 0, RawFrame.filled(LENGTH, 9)),
                RawFrame.write(key, LENGTH - 1, new byte[1]),
                RawFrame.add(key, LENGTH - 8L, 0), RawFrame.read(key, LENGTH - 1L, 1).slot(2), RawFrame.message(1));
        victim.until("all of it is applied", () -> victim.heard.messages.size() == 1);
        victim.requireUntouched(0, LENGTH);
        long last = Victim.GRANT_OFFSET + LENGTH - 1;
        assertThat(victim.region.segment().get(ValueLayout.JAVA_BYTE, Victim.GRANT_OFFSET)).isEqualTo((byte) 9);
        assertThat(victim.region.segment().get(ValueLayout.JAVA_BYTE, last)).isZero();
        assertThat(attack.peer().receive(RawFrame.RESULT).value(0)).isEqualTo(0x0009_0909_0909_0909L);
        assertThat(attack.peer().receive(RawFrame.DATA).payload()).containsExactly(0);
    }

    @Test
    void shouldWriteNothingMoreWhenGrantIsRevokedInsideAPayload() throws Exception {
        Attack attack = victim.attacked();
        long key = victim.grantTo(attack.connection(), Right.WRITE);
        byte[] whole = RawFrame.write(key, 0, RawFrame.filled(LENGTH, 1)).bytes();
        attack.peer().send(Arrays.copyOf(whole, whole.length / 2));
        byte first = victim.region.segment().get(ValueLayout.JAVA_BYTE, Victim.GRANT_OFFSET);
        victim.until("a part is there",
                () -> victim.region.segment().get(ValueLayout.JAVA_BYTE, Victim.GRANT_OFFSET) != first);
        victim.lastGrant().close();
        byte[] after = victim.region.segment().toArray(ValueLayout.JAVA_BYTE);
        attack.peer().send(Arrays.copyOfRange(whole, whole.length / 2, whole.length));
        attack.requireEnd(DisconnectReason.ACCESS_VIOLATION_BY_PEER, "revoked");
        assertThat(victim.region.segment().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(after);
    }

    /** The ways to touch memory. */
    enum Access {
        WRITE(Right.WRITE), FILE_WRITE(Right.WRITE), IMMEDIATE(Right.WRITE), READ(Right.READ), ADD(Right.ATOMIC), SWAP(
                Right.ATOMIC);

        private final Right right;

        Access(Right right) {
            this.right = right;
        }

        RawFrame frame(long key, long offset, int bytes) {
            byte[] payload = RawFrame.filled(bytes, 1);
            return switch (this) {
                case WRITE -> RawFrame.write(key, offset, payload);
                case IMMEDIATE -> RawFrame.write(key, offset, payload).flags(RawFrame.LAST | RawFrame.IMMEDIATE);
                case FILE_WRITE -> RawFrame.of(RawFrame.FILE_WRITE).flags(RawFrame.LAST)
                        .extension(key, offset, bytes, 0).payload(payload);
                case READ -> RawFrame.read(key, offset, bytes);
                case ADD -> RawFrame.add(key, offset, 1);
                case SWAP -> RawFrame.of(RawFrame.ATOMIC).flags(RawFrame.LAST | RawFrame.SWAP)
                        .extension(key, offset, 0x5A5A_5A5A_5A5A_5A5AL, 1);
            };
        }
    }
}
