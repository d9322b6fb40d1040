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

import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Bytes by chance, and valid frames with one byte changed. Seeds are fixed and named when one fails. */
@Tag("slow")
final class HostileNoiseTest {
    private static final int SEEDS = 100;
    private static final Set<DisconnectReason> REASONS = EnumSet.of(DisconnectReason.PROTOCOL_ERROR,
            DisconnectReason.ACCESS_VIOLATION_BY_PEER, DisconnectReason.PEER_CLOSED,
            DisconnectReason.ACCESS_REFUSED_BY_PEER);

    private Victim victim;

    @BeforeEach
    void open() throws Exception {
        victim = new Victim();
    }

    @AfterEach
    void close() throws Exception {
        victim.close();
    }

    /** Says farewell behind it, so the connection ends also when nothing was wrong. */
    private void attackWith(Attack attack, List<byte[]> fragments, long legalBytes, String what) {
        fragments.forEach(attack.peer()::send);
        attack.peer().send(RawFrame.of(RawFrame.CLOSE).payload(new byte[3]));
        assertThat(REASONS).as(what).contains(victim.awaitEnd(attack.connection()));
        assertThat(attack.connection().diagnostics().endedBecause()).as(what)
                .contains(attack.connection().peer().toString());
        victim.requireUntouched(0, legalBytes);
        attack.peer().close();
    }

    @Test
    void shouldEndConnectionOnlyWhenBytesAreRandom() throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            byte[] noise = new byte[random.nextInt(RawPeer.MAX_FRAGMENT_BYTES + 1)];
            random.nextBytes(noise);
            Attack attack = victim.attacked();
            victim.grantTo(attack.connection(), Right.READ, Right.WRITE, Right.ATOMIC);
            attackWith(attack, List.of(noise), 0, "seed " + seed);
        }
        victim.requireHonestPairLives();
    }

    @Test
    void shouldEndConnectionOnlyWhenOneByteIsChanged() throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Attack attack = victim.attacked();
            List<byte[]> frames = everyKind(
                    victim.grantTo(attack.connection(), Right.READ, Right.WRITE, Right.ATOMIC));
            byte[] victimised = frames.get(random.nextInt(frames.size()));
            int at = random.nextInt(victimised.length);
            victimised[at] ^= (byte) (1 + random.nextInt(255));
            attackWith(attack, frames, Victim.GRANT_BYTES, "seed " + seed + ", byte " + at);
            victim.region.segment().fill(Victim.PATTERN);
        }
        victim.requireHonestPairLives();
    }

    @Test
    void shouldApplyAllWhenNothingIsChanged() throws Exception {
        Attack attack = victim.attacked();
        everyKind(victim.grantTo(attack.connection(), Right.READ, Right.WRITE, Right.ATOMIC))
                .forEach(attack.peer()::send);
        victim.until("the end of the peer's output", () -> victim.heard.ends == 1);
        assertThat(victim.heard.messages).extracting(each -> each.length).containsExactly(5, 0, 20);
        assertThat(victim.heard.immediateLengths).containsExactly(200L);
        victim.requireHonestPairLives();
        assertThat(attack.peer().receive(RawFrame.DATA).payload()).startsWith(RawFrame.filled(100, 1))
                .endsWith(RawFrame.filled(100, 2));
        assertThat(attack.peer().receive(RawFrame.RESULT).value(0)).isEqualTo(0x5A5A_5A5A_5A5A_5A5AL);
        assertThat(victim.heard.ended).isEmpty();
        victim.requireUntouched(0, 2048);
    }

    /** A frame of every kind that a peer may send unasked. */
    private static List<byte[]> everyKind(long key) {
        return List.of(RawFrame.message(5), RawFrame.message(0),
                RawFrame.of(RawFrame.WRITE).extension(key, 0, 200, 0).payload(RawFrame.filled(100, 1)),
                RawFrame.of(RawFrame.WRITE).flags(RawFrame.LAST | RawFrame.IMMEDIATE).extension(key, 100, 200, 77)
                        .payload(RawFrame.filled(100, 2)),
                RawFrame.read(key, 0, 200).slot(6), RawFrame.add(key, 1016, 3).slot(7),
                RawFrame.of(RawFrame.FILE_WRITE).flags(RawFrame.LAST).extension(key, 2000, 9, 0)
                        .payload(RawFrame.filled(9, 4)),
                RawFrame.of(RawFrame.CONTROL), RawFrame.message(13).announce(20),
                RawFrame.message(7).flags(8), RawFrame.of(RawFrame.END)).stream().map(RawFrame::fragment).toList();
    }
}
