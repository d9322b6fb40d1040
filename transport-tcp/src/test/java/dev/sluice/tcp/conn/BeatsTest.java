package dev.sluice.tcp.conn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;

final class BeatsTest {
    private final Beats beats = new Beats(Long.MAX_VALUE);

    private static MemorySegment frames(long... consumed) {
        MemorySegment all = MemorySegment.ofArray(new byte[consumed.length * Beats.BYTES]);
        for (int i = 0; i < consumed.length; i++) {
            Beats.encode(all.asSlice((long) i * Beats.BYTES), Beats.BEAT, i + 1, consumed[i]);
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 23, 24, 25, 72})
    void shouldReadFramesWhenTheyComeInPieces(int piece) {
        MemorySegment all = frames(Long.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE + 3);
        for (long at = 0; at < all.byteSize(); at += piece) {
            long length = Math.min(piece, all.byteSize() - at);
            assertThat(beats.accept(all.asSlice(at, length), length)).isNull();
        }
        assertThat(beats.consumed()).isEqualTo(Long.MIN_VALUE + 3);
        assertThat(beats.farewell()).isFalse();
    }

    @Test
    void shouldSayWhatIsWrongWhenCountGoesBack() {
        MemorySegment all = frames(Long.MIN_VALUE + 3, Long.MIN_VALUE + 2);
        assertThat(beats.accept(all, all.byteSize())).contains("went back");
    }

    @Test
    void shouldSayWhatIsWrongWhenFrameIsAnother() {
        MemorySegment nonsense = MemorySegment.ofArray(new byte[Beats.BYTES]);
        assertThat(beats.accept(nonsense, Beats.BYTES)).contains("begins with 0");
    }

    @Test
    void shouldSayWhatIsWrongWhenNumberIsMissing() {
        MemorySegment second = frames(Long.MAX_VALUE, Long.MAX_VALUE).asSlice(Beats.BYTES);
        assertThat(beats.accept(second, Beats.BYTES)).contains("2 after 0");
    }

    @Test
    void shouldSayWhatIsWrongWhenPeerGoesOnAfterFarewell() {
        MemorySegment two = frames(Long.MAX_VALUE, Long.MAX_VALUE);
        Beats.encode(two, Beats.FAREWELL, 1, Long.MAX_VALUE);
        assertThat(beats.accept(two, two.byteSize())).contains("farewell");
    }
}
