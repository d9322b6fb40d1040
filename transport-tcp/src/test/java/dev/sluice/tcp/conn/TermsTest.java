package dev.sluice.tcp.conn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Option;
import dev.sluice.Options;
import dev.sluice.StandardOptions;
import dev.sluice.internal.frames.Terms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

final class TermsTest {
    private static Options options(String name, String value) {
        return Options.parse(Map.of(name, value), StandardOptions.all());
    }

    @ParameterizedTest
    @CsvSource({"messageBufferBytes, 32k", "messageBufferBytes, 65537", "messageBufferBytes, 2g",
        "messageBufferBytes, -65536", "outstandingReads, 0", "outstandingReads, 65537", "detectionTime, 49ms",
        "detectionTime, 1441m"})
    void shouldNameOptionWhenItIsOutOfRange(String name, String value) {
        assertThatThrownBy(() -> Terms.of(options(name, value))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + name + "' cannot be");
    }

    @ParameterizedTest
    @CsvSource({"messageBufferBytes, 64k", "messageBufferBytes, 1g", "outstandingReads, 1", "outstandingReads, 65536",
        "detectionTime, 50ms", "detectionTime, 1440m", "initialPosition, -1"})
    void shouldPassOwnCheckWhenOptionIsAtItsBound(String name, String value) {
        assertThat(Terms.of(options(name, value)).fault()).isNull();
    }

    @Test
    void shouldOfferMessageOfOneMebibyteWhenNothingIsSet() {
        Terms terms = Terms.of(Options.none());
        assertThat(terms.maxMessageBytes()).isEqualTo(1 << 20);
        assertThat(terms.maxClaimBytes()).isEqualTo(256 << 10);
        assertThat(terms.windowBytes()).isEqualTo(3 << 19);
        Option<Integer> reads = StandardOptions.OUTSTANDING_READS;
        assertThat(terms.reads()).isEqualTo(reads.defaultValue());
        assertThat(Terms.of(Options.none()).id()).isNotEqualTo(terms.id());
    }
}
