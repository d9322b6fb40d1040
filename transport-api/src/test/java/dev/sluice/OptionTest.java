package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

class OptionTest {

    private static final Option<Long> BYTES = Option.ofBytes("size", 1, "how much");
    private static final Option<Duration> TIME = Option.ofDuration("time", Duration.ofSeconds(1), "how long");
    private static final Option<Integer> COUNT = Option.ofCount("count", 1, "how many");
    private static final Option<Boolean> SWITCH = Option.ofSwitch("switch", false, "whether");
    private static final Option<FileMode> CHOICE = Option.ofChoice("mode", FileMode.READ, "which");

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "1k, 1024", "2K, 2048", "3m, 3145728", "4g, 4294967296",
        "8589934591g, 9223372035781033984"})
    void shouldParseBytesWhenTheyHaveASuffix(String text, long bytes) {
        assertThat(BYTES.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k", "1kb", "1 k", "-1", "-1k", "1.5k", "0x10", "8589934592g", "9223372036854775808",
        "+1"})
    void shouldRefuseBytesWhenTheyAreNoneOrTooMany(String text) {
        assertRefused(BYTES, text, "size", "bytes");
    }

    @ParameterizedTest
    @CsvSource({"0s, 0", "7ns, 7", "7us, 7000", "7ms, 7000000", "7s, 7000000000", "1m, 60000000000"})
    void shouldParseADurationWhenItHasAUnit(String text, long nanos) {
        assertThat(TIME.parse(text)).isEqualTo(Duration.ofNanos(nanos));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "5", "-5s", "5 s", "5h", "1.5s", "9223372036854775808s", "9223372036854775807m",
        "\u0665s"})
    void shouldRefuseADurationWhenItIsNone(String text) {
        assertRefused(TIME, text, "time", "time");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "one", "2147483648", "1k", "-1"})
    void shouldRefuseACountWhenItIsNone(String text) {
        assertRefused(COUNT, text, "count", "count");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "True", "yes", "1"})
    void shouldRefuseASwitchWhenItIsNeitherTrueNorFalse(String text) {
        assertRefused(SWITCH, text, "switch", "true|false");
    }

    @Test
    void shouldParseAChoiceInAnyCaseAndNameAllWhenItIsNone() {
        assertThat(CHOICE.parse("read_Write")).isEqualTo(FileMode.READ_WRITE);
        assertThatIllegalArgumentException().isThrownBy(() -> CHOICE.parse("append"))
                .withMessageContainingAll("mode", "append", "READ", "READ_WRITE", "CREATE");
    }

    @Test
    void shouldParseSwitchesNumbersAndTexts() {
        assertThat(SWITCH.parse("true")).isTrue();
        assertThat(SWITCH.parse("false")).isFalse();
        assertThat(Option.ofLong("n", 0, "").parse("-9223372036854775808")).isEqualTo(Long.MIN_VALUE);
        assertThat(Option.ofText("t", "", "").parse(" as it is ")).isEqualTo(" as it is ");
        assertThat(COUNT.parse("2147483647")).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void shouldRoundTripItsDefaultWhenDeclared() {
        for (Option<?> option : StandardOptions.all()) {
            assertThat(option.type()).isEqualTo(option.defaultValue().getClass());
            assertThat(option.help()).isNotBlank();
            assertThat(option.unit()).isNotBlank();
        }
        assertThat(StandardOptions.all()).extracting(Option::name).doesNotHaveDuplicates();
    }

    private static void assertRefused(Option<?> option, String text, String... named) {
        assertThatIllegalArgumentException().isThrownBy(() -> option.parse(text)).withMessageContainingAll(named)
                .withMessageContaining("'" + text + "'");
    }
}
