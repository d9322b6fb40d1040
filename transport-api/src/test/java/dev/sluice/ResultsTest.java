package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultsTest {

    @ParameterizedTest
    @CsvSource({"0, ACCEPTED", "9223372036854775807, ACCEPTED", "-1, BACK_PRESSURED", "-2, NOT_CONNECTED",
        "-3, CLOSED", "-4, TOO_LARGE", "-5, UNSUPPORTED", "-6, UNKNOWN(-6)", "-2147483648, UNKNOWN(-2147483648)",
        "-4294967297, UNKNOWN(-4294967297)", "-9223372036854775808, UNKNOWN(-9223372036854775808)"})
    void shouldNameTheResult(long result, String name) {
        assertThat(Results.name(result)).isEqualTo(name);
    }
}
