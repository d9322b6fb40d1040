package dev.sluice.internal.frames;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

final class FrameTest {
    private final MemorySegment memory = Arena.ofAuto().allocate(64, 8);

    @Test
    void shouldReadEachFieldWhenAllBitsOfItsNeighboursAreSet() {
        Frame.write(memory, 8, Frame.TERMINATE, 0xff, -1, -1);
        Frame.writeCredit(memory, 8, -1, 3, -1);
        assertThat(Frame.type(memory, 8)).isEqualTo(Frame.TERMINATE);
        assertThat(Frame.flags(memory, 8)).isEqualTo(-1);
        assertThat(Frame.mark(memory, 8)).isEqualTo(Frame.MARK);
        assertThat(Frame.payloadBytes(memory, 8)).isEqualTo(-1);
        assertThat(Frame.creditBytes(memory, 8)).isEqualTo(-1);
        assertThat(Frame.creditMessages(memory, 8)).isEqualTo(3);
        assertThat(Frame.applied(memory, 8)).isEqualTo(-1);
        assertThat(Frame.slot(memory, 8)).isEqualTo(-1);
        assertThat(memory.asSlice(0, 8).mismatch(memory.asSlice(32, 8))).as("what lies around").isEqualTo(-1);
    }

    @Test
    void shouldKnowAMessageOnlyWhenTypeFlagsAndLengthAreThose() {
        Frame.write(memory, 0, Frame.MESSAGE, 0, 7, 100);
        assertThat(Frame.isMessage(memory, 0, 100)).isTrue();
        assertThat(Frame.isMessage(memory, 0, 101)).isFalse();
        Frame.write(memory, 0, Frame.MESSAGE, Frame.LAST, 7, 100);
        assertThat(Frame.isMessage(memory, 0, 100)).isFalse();
        Frame.write(memory, 0, Frame.WRITE, 0, 7, 100);
        assertThat(Frame.isMessage(memory, 0, 100)).isFalse();
        memory.fill((byte) 0);
        assertThat(Frame.isMessage(memory, 0, 0)).as("without its mark").isFalse();
    }
}
