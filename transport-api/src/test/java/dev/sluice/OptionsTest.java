package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

class OptionsTest {

    private static final Option<Integer> A = Option.ofCount("a", 1, "first");
    private static final Option<Duration> B = Option.ofDuration("b", Duration.ZERO, "second");
    private static final List<Option<?>> KNOWN = List.of(A, B);

    @Test
    void shouldGiveTheDefaultWhenNotSet() {
        assertThat(Options.none().get(A)).isEqualTo(1);
        assertThat(Options.none().isSet(A)).isFalse();
        assertThat(Options.none().with(A, 1).isSet(A)).isTrue();
    }

    @Test
    void shouldStayAsItIsWhenAnotherIsMadeFromIt() {
        Options one = Options.none().with(A, 2);
        Options two = one.with(A, 3).with(B, Duration.ofDays(1));
        assertThat(one.get(A)).isEqualTo(2);
        assertThat(two.get(A)).isEqualTo(3);
        assertThat(Options.none().isSet(A)).isFalse();
    }

    @Test
    void shouldLetTheWinnerWinWhenBothSet() {
        Options both = Options.none().with(A, 2).with(B, Duration.ofSeconds(1)).with(Options.none().with(A, 9));
        assertThat(both.get(A)).isEqualTo(9);
        assertThat(both.get(B)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void shouldLeaveOutWhatIsTakenAway() {
        Options rest = Options.none().with(A, 2).with(B, Duration.ofSeconds(1)).without(List.of(A));
        assertThat(rest.isSet(A)).isFalse();
        assertThat(rest.isSet(B)).isTrue();
    }

    @Test
    void shouldParseAQueryWhenAllKeysAreKnown() {
        Options parsed = Options.parse(Map.of("a", "5", "b", "3ms"), KNOWN);
        assertThat(parsed.get(A)).isEqualTo(5);
        assertThat(parsed.get(B)).isEqualTo(Duration.ofMillis(3));
    }

    @Test
    void shouldNameWhatIsKnownWhenAKeyIsNot() {
        assertThatIllegalArgumentException().isThrownBy(() -> Options.parse(Map.of("A", "5"), KNOWN))
                .withMessageContainingAll("'A'", "a, b");
        assertThatIllegalArgumentException().isThrownBy(() -> Options.none().with(A, 1).requireOnly(List.of(B)))
                .withMessageContainingAll("'a'", "b");
        Options.none().with(A, 1).requireOnly(KNOWN);
    }

    @Test
    void shouldRefuseWhenAValueIsNullOrOfAnotherType() {
        assertThatNullPointerException().isThrownBy(() -> Options.none().with(A, (Integer) null))
                .withMessageContaining("a");
    }

    @Test
    void shouldShowWhatIsSetWhenPrinted() {
        assertThat(Options.none().with(A, 7)).hasToString("{a=7}");
    }
}
