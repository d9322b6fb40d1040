package dev.sluice.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

class RatioTest {

    @Test
    void shouldDivideWithinPairsWhenTheMachineSlowsDownForBoth() {
        Ratio r = Ratio.of(new double[]{10, 100, 1000}, new double[]{20, 200, 2000});

        assertThat(r.median()).isEqualTo(0.5);
        assertThat(r.low()).isEqualTo(0.5);
        assertThat(r.high()).isEqualTo(0.5);
    }

    @Test
    void shouldTakeTheFourthOfFifteenWhenNinetyFivePercentAreWanted() {
        double[] ours = new double[15];
        double[] theirs = new double[15];
        for (int i = 0; i < 15; i++) {
            ours[14 - i] = i + 1;
        }
        Arrays.fill(theirs, 1);

        Ratio r = Ratio.of(ours, theirs);

        assertThat(r.median()).isEqualTo(8);
        assertThat(r.low()).isEqualTo(4);
        assertThat(r.high()).isEqualTo(12);
        // 1 - 2 * (1 + 15 + 105) / 2^15 below the third; the fourth adds 455: tables say 0.9648.
        assertThat(r.coverage()).isCloseTo(0.9648, within(0.0001));
    }

    @Test
    void shouldGiveTheWholeRangeAndSayItWhenPairsAreFew() {
        Ratio r = Ratio.of(new double[]{1, 2, 3}, new double[]{1, 1, 1});

        assertThat(r.low()).isEqualTo(1);
        assertThat(r.high()).isEqualTo(3);
        assertThat(r.coverage()).isCloseTo(0.75, within(1e-9));
    }

    @Test
    void shouldKnowTheCoverageOfOnePair() {
        assertThat(Ratio.of(new double[]{3}, new double[]{2}).coverage()).isCloseTo(0, within(1e-9));
    }

    @Test
    void shouldTakeTheMeanOfTheMiddleTwoWhenTheNumberIsEven() {
        assertThat(Ratio.median(4, 1, 3, 2)).isEqualTo(2.5);
    }

    @Test
    void shouldRefuseWhenFiguresMakeNoPairs() {
        assertThatThrownBy(() -> Ratio.of(new double[0], new double[0])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Ratio.of(new double[2], new double[3])).isInstanceOf(IllegalArgumentException.class);
    }
}
