package dev.sluice.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Capabilities;
import dev.sluice.Operation;
import dev.sluice.bench.pair.Op;
import dev.sluice.bench.pair.WaitMode;
import org.junit.jupiter.api.Test;

import java.util.List;

class PlanTest {

    @Test
    void shouldMeasureFromEightBytesToOneMegabyteAndAFile() {
        List<Step> steps = Plan.of(Capabilities.builder().build(), WaitMode.SPIN);

        for (Op op : List.of(Op.MESSAGE, Op.WRITE, Op.READ)) {
            assertThat(steps).filteredOn(s -> s.op() == op && s.kind() == Step.Kind.CLOSED).extracting(Step::sizeBytes)
                    .contains(8L, 1L << 20);
            assertThat(steps).filteredOn(s -> s.op() == op && s.kind() == Step.Kind.PIPELINED)
                    .extracting(Step::sizeBytes).containsExactly(64L << 10, 1L << 20);
        }
        assertThat(steps).filteredOn(s -> s.kind() == Step.Kind.FILE).hasSize(1);
    }

    @Test
    void shouldLeaveOutWhatATransportDoesNotOffer() {
        List<Step> steps = Plan.of(Capabilities.builder().without(Operation.READ).without(Operation.WRITE_FROM_FILE)
                .without(Operation.WRITE_WITH_IMMEDIATE).build(), WaitMode.YIELD);

        assertThat(steps).extracting(Step::op).doesNotContain(Op.READ, Op.WRITE_FROM_FILE, Op.WRITE_IMM)
                .contains(Op.MESSAGE, Op.WRITE);
        assertThat(steps).extracting(Step::waitMode).doesNotContain(WaitMode.SPIN);
    }

    @Test
    void shouldNotSpinWhereThreadsOutnumberTheCores() {
        assertThat(Plan.busy("tcp", 1)).isEqualTo(WaitMode.YIELD);
        assertThat(Plan.busy("tcp", 2)).isEqualTo(WaitMode.SPIN);
        assertThat(Plan.busy("aeron", 2)).as("a driver at each end").isEqualTo(WaitMode.YIELD);
        assertThat(Plan.busy("aeron", 4)).isEqualTo(WaitMode.SPIN);
    }
}
