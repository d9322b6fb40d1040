package dev.sluice.auto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

class TokensTest {

    private static final long LIFE_NS = 1_000;
    private final Tokens tokens = new Tokens(LIFE_NS);

    @Test
    void shouldBeGoodForOneUse() {
        Token token = tokens.give(Hello.TRIAL, 0);

        assertThat(tokens.redeem(token, 1)).contains(Hello.TRIAL);
        assertThat(tokens.redeem(token, 1)).isEmpty();
        assertThat(tokens.count()).isZero();
    }

    @Test
    void shouldRefuseWhatWasNeverGiven() {
        tokens.give(Hello.TRIAL, 0);

        assertThat(tokens.redeem(Token.fresh(), 1)).isEmpty();
    }

    @Test
    void shouldLapseWhenItsTimeIsUp() {
        long now = Long.MAX_VALUE - 1;
        Token token = tokens.give(Hello.TRIAL, now);

        assertThat(tokens.redeem(token, now + LIFE_NS + 1)).as("nanoTime wraps").isEmpty();
    }

    @Test
    void shouldForgetTheOldestWhenMoreAreGivenThanItHolds() {
        Token first = tokens.give(Hello.TRIAL, 0);
        Token second = tokens.give(Hello.TRIAL, 0);
        for (int i = 1; i < Tokens.MAX_TOKENS; i++) {
            tokens.give(Hello.TRIAL, 0);
        }

        assertThat(tokens.count()).isEqualTo(Tokens.MAX_TOKENS);
        assertThat(tokens.redeem(first, 1)).isEmpty();
        assertThat(tokens.redeem(second, 1)).isPresent();
    }

    @Test
    void shouldTravelAsMetadata() {
        Token token = Token.fresh();
        byte[] bytes = HexFormat.of().parseHex(token.toMetadata());

        assertThat(Token.ofMetadata(MemorySegment.ofArray(bytes))).isEqualTo(token);
        assertThat(Token.ofMetadata(MemorySegment.ofArray(new byte[15]))).isNull();
        assertThat(token).isNotEqualTo(Token.fresh()).asString().doesNotContain(token.toMetadata());
    }
}
