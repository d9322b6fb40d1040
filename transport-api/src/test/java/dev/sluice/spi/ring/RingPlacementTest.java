package dev.sluice.spi.ring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import java.lang.foreign.MemorySegment;

/**
 * The books without the publication: bytes travel from the sender's mirror to the receiver's memory as a device would
 * place them, the position arrives with a completion, the consumer position comes back as a credit.
 */
class RingPlacementTest {

    static final long[] POSITIONS = Rings.POSITIONS;

    private static final int CAPACITY = Rings.CAPACITY;

    private final MemorySegment mirror = MemorySegment.ofArray(new long[CAPACITY / 8]);
    private final MemorySegment placed = MemorySegment.ofArray(new long[CAPACITY / 8]);
    private int expected;

    @ParameterizedTest
    @FieldSource("POSITIONS")
    void shouldCarryRecordsWhenADevicePlacesTheBytes(long position) {
        RingSpace space = new RingSpace(CAPACITY, position, position);
        RingScan scan = new RingScan(placed, 0, CAPACITY, position);
        expected = 1;
        for (int type = 1; type <= 5_000; type++) {
            int length = type % 129;
            long offset = space.claim(length);
            if (offset == RingLayout.BACK_PRESSURED) {
                place(space, scan);
                drain(scan);
                assertThat(space.consumedTo(scan.position())).isTrue();
                offset = space.claim(length);
            }
            write(space, offset, length, type);
        }
        place(space, scan);
        drain(scan);
        assertThat(expected).isEqualTo(5_001);
        assertThat(scan.position()).isEqualTo(space.position());
    }

    private void write(RingSpace space, long offset, int length, int type) {
        if (space.paddingBytes() > 0) {
            mirror.set(RingLayout.WORD, space.paddingOffset(),
                    RingLayout.header(space.paddingBytes() - RingLayout.HEADER_BYTES, RingLayout.PADDING_TYPE));
        }
        mirror.set(RingLayout.WORD, offset, RingLayout.header(length, type));
        Rings.fill(mirror, offset + RingLayout.HEADER_BYTES, length, type);
        space.commit();
    }

    private void place(RingSpace space, RingScan scan) {
        for (long at = space.published(); at != space.position(); at += 8) {
            long offset = at & CAPACITY - 1;
            placed.set(RingLayout.WORD, offset, mirror.get(RingLayout.WORD, offset));
        }
        assertThat(scan.extendTo(space.publish())).isTrue();
    }

    private void drain(RingScan scan) {
        for (long offset = scan.next(); offset >= 0; offset = scan.next()) {
            assertThat(scan.type()).isEqualTo(expected);
            assertThat(scan.length()).isEqualTo(expected % 129);
            assertThat(Rings.holds(scan.records(), offset, scan.length(), expected)).isTrue();
            scan.advance();
            expected++;
        }
        assertThat(scan.fault()).isEqualTo(RingFault.NONE);
    }
}
