package dev.sluice.tcp.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.tcp.hostile.Victim.Attack;
import dev.sluice.testkit.hostile.RawFrame;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** A valid stream with a frame of every kind that a peer may send unasked, and what must come of it. */
final class HonestStream {
    private static final int CHUNK_BYTES = 100;

    private final byte[] bytes;

    HonestStream(long key) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (RawFrame frame : new RawFrame[]{RawFrame.message(5), RawFrame.message(0),
            RawFrame.of(RawFrame.WRITE).extension(key, 0, 2 * CHUNK_BYTES, 0).payload(RawFrame.filled(CHUNK_BYTES, 1)),
            RawFrame.of(RawFrame.WRITE).flags(RawFrame.LAST | RawFrame.IMMEDIATE)
                    .extension(key, CHUNK_BYTES, 2 * CHUNK_BYTES, 77).payload(RawFrame.filled(CHUNK_BYTES, 2)),
            RawFrame.read(key, 0, 2 * CHUNK_BYTES).slot(6), RawFrame.add(key, 1016, 3).slot(7),
            RawFrame.of(RawFrame.ATOMIC).flags(RawFrame.LAST | RawFrame.SWAP).slot(8)
                    .extension(key, 1024, 0x5A5A_5A5A_5A5A_5A5AL, 1),
            RawFrame.of(RawFrame.FILE_WRITE).flags(RawFrame.LAST).extension(key, 2000, 9, 0)
                    .payload(RawFrame.filled(9, 4)),
            RawFrame.of(RawFrame.CONTROL), RawFrame.message(13), RawFrame.of(RawFrame.END)}) {
            all.writeBytes(frame.bytes());
        }
        bytes = all.toByteArray();
    }

    byte[] bytes() {
        return bytes.clone();
    }

    /** Polls until all of it has arrived, and looks at every effect. */
    static void requireApplied(Victim victim, Attack attack) throws IOException {
        victim.until("the end of the peer's output", () -> victim.heard.ends == 1);
        assertThat(victim.heard.messages).extracting(each -> each.length).containsExactly(5, 0, 13);
        assertThat(victim.heard.immediateLengths).containsExactly(2L * CHUNK_BYTES);
        victim.requireHonestPairLives();
        assertThat(attack.peer().receive(RawFrame.DATA).payload()).startsWith(RawFrame.filled(CHUNK_BYTES, 1))
                .endsWith(RawFrame.filled(CHUNK_BYTES, 2));
        assertThat(attack.peer().receive(RawFrame.RESULT).value(0)).isEqualTo(0x5A5A_5A5A_5A5A_5A5AL);
        assertThat(attack.peer().receive(RawFrame.RESULT).value(0)).isEqualTo(0x5A5A_5A5A_5A5A_5A5AL);
        assertThat(victim.heard.ended).isEmpty();
        victim.requireUntouched(0, 2048);
    }
}
