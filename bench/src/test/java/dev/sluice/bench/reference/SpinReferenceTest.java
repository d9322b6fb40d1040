package dev.sluice.bench.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.process.Pinning;
import dev.sluice.bench.report.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpinReferenceTest {

    @Test
    void shouldReadEveryFigureOfItsLine() {
        Row row = SpinReference.row(64, "count=50000 min=7962 p50=9564 p90=10366 p99=15362 p999=87530 max=5160173 "
                + "mean=10141.5 elapsed=500000000\n");

        assertThat(row.roundTrip().count()).isEqualTo(50_000);
        assertThat(row.roundTrip().p999()).isEqualTo(87_530);
        assertThat(row.roundTrip().mean()).isEqualTo(10_141.5);
        assertThat(row.operationsPerSecond()).isEqualTo(100_000);
        assertThat(row.bytesPerSecond()).isEqualTo(6_400_000);
        assertThat(row.allocatedBytesPerOperation()).isNaN();
    }

    @Test
    void shouldNameTheLineWhenItIsNotOne() {
        assertThatThrownBy(() -> SpinReference.row(64, "connect: refused")).isInstanceOf(BenchException.class)
                .hasMessageContaining("connect: refused");
        assertThatThrownBy(() -> SpinReference.row(64, "count=1 min=2")).isInstanceOf(BenchException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "0,0"})
    void shouldMeasureWhenThereIsACompiler(String cpus) {
        Pinning pinning = Pinning.parse(cpus);
        assumeTrue(SpinReference.unavailableBecause().isEmpty(), SpinReference.unavailableBecause());

        Row row = new SpinReference(64, 20, pinning).run();

        assertThat(row.roundTrip().count()).isPositive();
        assertThat(row.roundTrip().p50()).isBetween(row.roundTrip().min(), row.roundTrip().max());
    }
}
