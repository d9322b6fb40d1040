package dev.sluice.tcp.hostile;

import dev.sluice.Right;
import dev.sluice.tcp.hostile.Victim.Attack;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;

/** TCP promises no boundaries: a valid stream may come in pieces of any size. */
final class SegmentedStreamTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 23, 24, 25, 57, 100_000})
    void shouldApplyAllWhenStreamComesInPieces(int pieceBytes) throws Exception {
        try (Victim victim = new Victim()) {
            Attack attack = victim.attacked();
            byte[] stream = new HonestStream(
                    victim.grantTo(attack.connection(), Right.READ, Right.WRITE, Right.ATOMIC)).bytes();
            for (int at = 0; at < stream.length; at += pieceBytes) {
                attack.peer().send(Arrays.copyOfRange(stream, at, Math.min(stream.length, at + pieceBytes)));
                victim.step();
            }
            HonestStream.requireApplied(victim, attack);
        }
    }
}
