package dev.sluice.tcp.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How much a full batch holds. */
final class BatchTest {

    @Test
    void shouldHoldWholeSegmentsOfLoopback() {
        assertThat(Batch.quantumBytes(65_483)).isEqualTo(16 * 65_483 & -8);
        assertThat(Batch.quantumBytes(32_741)).isEqualTo(32 * 32_741 & -8);
    }

    @Test
    void shouldHoldWholeRunsOfSegmentsThatTheKernelCutsLate() {
        assertThat(Batch.quantumBytes(1448)).isEqualTo(16 * 45 * 1448 & -8);
    }

    @Test
    void shouldNeverBeMoreThanAQuantumNorMuchLess() {
        for (int segment = 100; segment < 300_000; segment += 7) {
            assertThat(Batch.quantumBytes(segment)).isBetween(Connections.QUANTUM_BYTES / 2,
                    Connections.QUANTUM_BYTES);
        }
    }

    @Test
    void shouldHoldAQuantumWhenTheKernelDoesNotSay() {
        assertThat(Batch.quantumBytes(0)).isEqualTo(Connections.QUANTUM_BYTES);
        assertThat(Batch.quantumBytes(-22)).isEqualTo(Connections.QUANTUM_BYTES);
    }
}
