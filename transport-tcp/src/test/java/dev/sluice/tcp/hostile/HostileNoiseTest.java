package dev.sluice.tcp.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.DisconnectReason;
import dev.sluice.Right;
import dev.sluice.tcp.ProcessFacts;
import dev.sluice.tcp.hostile.Victim.Attack;
import dev.sluice.testkit.hostile.RawFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.EnumSet;
import java.util.Random;
import java.util.Set;

/** Bytes by chance, and valid streams with one byte changed. Seeds are fixed and named when one fails. */
final class HostileNoiseTest {
    private static final int RANDOM_SEEDS = 200;

    private static final int MUTATION_SEEDS = 500;

    private static final int MAX_NOISE_BYTES = 4096;

    private static final Set<DisconnectReason> REASONS = EnumSet.of(DisconnectReason.PROTOCOL_ERROR,
            DisconnectReason.ACCESS_VIOLATION_BY_PEER, DisconnectReason.PEER_CLOSED, DisconnectReason.PEER_DIED,
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

    /** Sends, says farewell, goes away: so the connection ends also when the victim waits for more bytes. */
    private void attackWith(Attack attack, byte[] bytes, long legalBytes, String what) throws Exception {
        attack.peer().send(bytes);
        attack.peer().send(RawFrame.of(RawFrame.CLOSE).payload(new byte[3]));
        victim.step();
        attack.peer().close();
        DisconnectReason reason = attack.awaitEnd();
        assertThat(REASONS).as(what).contains(reason);
        assertThat(attack.connection().diagnostics().endedBecause()).as(what)
                .contains(attack.connection().peer().toString());
        victim.requireUntouched(0, legalBytes);
        victim.heard.messages.clear();
    }

    @Test
    void shouldEndConnectionOnlyWhenBytesAreRandom() throws Exception {
        long allocated = ProcessFacts.allocatedBytes();
        for (int seed = 0; seed < RANDOM_SEEDS; seed++) {
            Random random = new Random(seed);
            byte[] noise = new byte[1 + random.nextInt(MAX_NOISE_BYTES)];
            random.nextBytes(noise);
            Attack attack = victim.attacked();
            victim.grantTo(attack.connection(), Right.READ, Right.WRITE, Right.ATOMIC);
            attackWith(attack, noise, 0, "seed " + seed);
        }
        victim.requireHonestPairLives();
        assertThat((ProcessFacts.allocatedBytes() - allocated) / RANDOM_SEEDS).as("bytes allocated per attack")
                .isLessThan(2 << 20);
    }

    @Test
    @Tag("slow")
    void shouldEndConnectionOnlyWhenOneByteOfAStreamIsChanged() throws Exception {
        for (int seed = 0; seed < MUTATION_SEEDS; seed++) {
            Random random = new Random(seed);
            Attack attack = victim.attacked();
            long key = victim.grantTo(attack.connection(), Right.READ, Right.WRITE, Right.ATOMIC);
            byte[] stream = new HonestStream(key).bytes();
            int at = random.nextInt(stream.length);
            stream[at] ^= (byte) (1 + random.nextInt(255));
            attackWith(attack, stream, Victim.GRANT_BYTES, "seed " + seed + ", byte " + at);
            victim.region.segment().fill(Victim.PATTERN);
        }
        victim.requireHonestPairLives();
    }
}
