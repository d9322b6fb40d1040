package dev.sluice.bench.pair;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Set;

class ResponderTest {
    /** Those whose far end answers. */
    private static final Set<Op> ANSWERED = Set.of(Op.MESSAGE, Op.WRITE_PINGPONG, Op.WRITE_IMM);

    @ParameterizedTest
    @EnumSource
    void shouldBePassiveWhereOnlyThePeerActs(Op op) {
        assertThat(passive(Mode.LATENCY, op)).isEqualTo(!ANSWERED.contains(op));
        assertThat(passive(Mode.THROUGHPUT, op)).isEqualTo(op != Op.MESSAGE);
    }

    private static boolean passive(Mode mode, Op op) {
        return Responder.of(new Spec(mode, op, WaitMode.SPIN, 8, 4096, 2)).isPassive();
    }
}
