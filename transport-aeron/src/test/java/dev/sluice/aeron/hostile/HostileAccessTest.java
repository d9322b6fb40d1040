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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;

/** Memory that was not granted, or not like that. No byte changes, none is shown, the offender is told. */
@Tag("slow")
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

    private static void requireRefused(Attack attack, RawFrame frame) {
        attack.peer().send(frame.slot(3));
        attack.requireEndTold(DisconnectReason.ACCESS_VIOLATION_BY_PEER, "was not granted");
    }

    private long grantAll(Attack attack) throws Exception {
        return victim.grantTo(attack.connection(), Right.READ, Right.WRITE, Right.ATOMIC);
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndConnectionWhenABitOfTheKeyIsAltered(Access access) throws Exception {
        for (int bit = 0; bit < Long.SIZE; bit += 7) {
            Attack attack = victim.attacked();
            requireRefused(attack, access.frame(grantAll(attack) ^ (1L << bit), 0, 8));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndConnectionWhenKeyIsRevoked(Access access) throws Exception {
        Attack attack = victim.attacked();
        long key = grantAll(attack);
        victim.lastGrant().close();
        requireRefused(attack, access.frame(key, 0, 8));
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndConnectionWhenKeyBelongsToAnotherConnection(Access access) throws Exception {
        Attack owner = victim.attacked();
        long key = grantAll(owner);
        requireRefused(victim.attacked(), access.frame(key, 0, 8));
        owner.peer().send(RawFrame.read(key, 0, 8).slot(9));
        victim.requireHonestPairLives();
        assertThat(owner.peer().receive(RawFrame.DATA).slot()).isEqualTo(9);
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndConnectionWhenRightIsMissing(Access access) throws Exception {
        Right[] others = Arrays.stream(Right.values()).filter(each -> each != access.right).toArray(Right[]::new);
        Attack attack = victim.attacked();
        requireRefused(attack, access.frame(victim.grantTo(attack.connection(), others[0], others), 0, 8));
    }

    static List<Long> outsideOfTheGrant() {
        return List.of(-1L, -8L, LENGTH - 7L, (long) LENGTH, Long.MAX_VALUE, Long.MAX_VALUE - 7, Long.MIN_VALUE,
                1L << 32);
    }

    @ParameterizedTest
    @MethodSource("outsideOfTheGrant")
    void shouldEndConnectionWhenAccessLeavesTheGrant(long offset) throws Exception {
        for (Access access : Access.values()) {
            Attack attack = victim.attacked();
            requireRefused(attack, access.frame(grantAll(attack), offset, 8));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, -1, Long.MIN_VALUE, 1L << 32, Integer.MAX_VALUE, LENGTH + 1})
    void shouldEndConnectionWhenReadIsOfAnImpossibleLength(long bytes) throws Exception {
        Attack attack = victim.attacked();
        requireRefused(attack, RawFrame.read(grantAll(attack), 0, bytes));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 4, 7, LENGTH - 4})
    void shouldEndConnectionWhenAtomicIsMisaligned(long offset) throws Exception {
        Attack attack = victim.attacked();
        requireRefused(attack, Access.ADD.frame(grantAll(attack), offset, 8));
        attack = victim.attacked();
        requireRefused(attack, Access.SWAP.frame(grantAll(attack), offset, 8));
    }

    @Test
    void shouldTouchTheGrantAloneWhenAccessIsToItsVeryEnds() throws Exception {
        Attack attack = victim.attacked();
        long key = grantAll(attack);
        int half = LENGTH / 2;
        attack.peer().send(RawFrame.write(key, 0, RawFrame.filled(half, 9)),
                RawFrame.write(key, half, RawFrame.filled(half, 9)), RawFrame.write(key, LENGTH - 1, new byte[1]),
                RawFrame.add(key, LENGTH - 8L, 0), RawFrame.read(key, LENGTH - 1L, 1).slot(2), RawFrame.message(1));
        victim.until("all of it is applied", () -> victim.heard.messages.size() == 1);
        victim.requireHonestPairLives();
        victim.requireUntouched(0, LENGTH);
        assertThat(attack.peer().receive(RawFrame.RESULT).value(0)).isEqualTo(0x0009_0909_0909_0909L);
        assertThat(attack.peer().receive(RawFrame.DATA).payload()).containsExactly(0);
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
