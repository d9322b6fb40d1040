package dev.sluice.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.Right;
import dev.sluice.SluiceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

class EncodedGrantTest {

    private static final int OFFSET = 3;
    private final MemorySegment bytes = MemorySegment.ofArray(new byte[OFFSET + 64 + 5]);

    @Test
    void shouldComeBackTheSameWhenEncodedAndDecoded() throws SluiceException {
        for (int bits = 1; bits < 8; bits++) {
            Set<Right> rights = rights(bits);
            new EncodedGrant(-1, Long.MIN_VALUE, 0x1234_5678_9abc_def0L, Long.MAX_VALUE, -7, rights).encode("tcp",
                    bytes,
                    OFFSET);
            EncodedGrant decoded = EncodedGrant.decode("tcp", bytes, OFFSET);
            assertThat(decoded.connection()).isEqualTo(-1);
            assertThat(decoded.key()).isEqualTo(Long.MIN_VALUE);
            assertThat(decoded.address()).isEqualTo(0x1234_5678_9abc_def0L);
            assertThat(decoded.length()).isEqualTo(Long.MAX_VALUE);
            assertThat(decoded.extra()).isEqualTo(-7);
            assertThat(decoded.rights()).isEqualTo(rights);
        }
    }

    @Test
    void shouldWriteTheDocumentedFormAndNothingBeside() {
        Arrays.fill((byte[]) bytes.heapBase().orElseThrow(), (byte) 0x55);
        new EncodedGrant(1, 2, 3, 4, 5, EnumSet.of(Right.READ, Right.ATOMIC)).encode("aeron", bytes, OFFSET);
        assertThat(bytes.asSlice(0, OFFSET).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0x55);
        assertThat(bytes.asSlice(OFFSET + 64).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0x55);
        byte[] form = bytes.asSlice(OFFSET, 64).toArray(ValueLayout.JAVA_BYTE);
        byte[] expected = new byte[64];
        System.arraycopy(new byte[]{'S', 'L', 'G', 'R', 1, 0, 5, 0, 'a', 'e', 'r', 'o', 'n'}, 0, expected, 0, 13);
        for (int field = 1; field <= 5; field++) {
            expected[8 + 8 * field] = (byte) field;
        }
        assertThat(form).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} at {1}")
    @CsvSource({"magic, 0, 1", "magic's last byte, 3, 1", "version, 4, 2", "version's high byte, 5, 1",
        "no rights, 6, 0", "unknown right, 6, 8", "unknown high right, 7, 1", "scheme, 8, 120",
        "longer scheme, 11, 120", "reserved, 56, 1", "reserved's last byte, 63, 1"})
    void shouldRefuseWhenAByteIsMalformed(String what, int at, byte value) {
        grant(1).encode("tcp", bytes, OFFSET);
        bytes.set(ValueLayout.JAVA_BYTE, OFFSET + at, value);
        assertThatExceptionOfType(SluiceException.class).as(what)
                .isThrownBy(() -> EncodedGrant.decode("tcp", bytes, OFFSET))
                .withMessageContaining("not an encoded grant");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void shouldRefuseWhenTheLengthIsNone(long length) {
        grant(length).encode("tcp", bytes, OFFSET);
        assertThatExceptionOfType(SluiceException.class).isThrownBy(() -> EncodedGrant.decode("tcp", bytes, OFFSET));
    }

    @Test
    void shouldRefuseWhenItIsOfAnotherTransport() {
        grant(1).encode("shm", bytes, OFFSET);
        assertThatExceptionOfType(SluiceException.class).isThrownBy(() -> EncodedGrant.decode("tcp", bytes, OFFSET))
                .withMessageContaining("transport 'tcp'");
    }

    @Test
    void shouldRefuseWhenTheBytesDoNotFit() {
        MemorySegment small = MemorySegment.ofArray(new byte[63]);
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> grant(1).encode("tcp", small, 0));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> EncodedGrant.decode("tcp", small, 0));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> EncodedGrant.decode("tcp", bytes, -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ninechars", "sch\u00e4ma"})
    void shouldRefuseASchemeThatDoesNotFit(String scheme) {
        assertThatIllegalArgumentException().isThrownBy(() -> grant(1).encode(scheme, bytes, 0));
    }

    private static EncodedGrant grant(long length) {
        return new EncodedGrant(1, 2, 3, length, 4, EnumSet.of(Right.READ));
    }

    private static Set<Right> rights(int bits) {
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (Right right : Right.values()) {
            if ((bits & EncodedGrant.bits(EnumSet.of(right))) != 0) {
                rights.add(right);
            }
        }
        return rights;
    }
}
