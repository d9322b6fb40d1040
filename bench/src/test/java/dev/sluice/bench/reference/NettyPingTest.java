package dev.sluice.bench.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.bench.pair.Budget;
import dev.sluice.bench.pair.Measurement;
import dev.sluice.bench.process.Pinning;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class NettyPingTest {

    @Test
    void shouldCountEveryRoundTripWhenMessagesAreLongerThanASocketTakesAtOnce() {
        assumeTrue(NettyPing.unavailableBecause().isEmpty(), NettyPing.unavailableBecause());

        try (NettyPing ping = NettyPing.start(Pinning.NONE)) {
            Measurement small = ping.roundTrips(64, Budget.of(10), Budget.of(100));
            Measurement large = ping.roundTrips(1 << 20, Budget.of(1), Budget.of(5));

            assertThat(small.operations()).isEqualTo(100);
            assertThat(small.times().getTotalCount()).isEqualTo(100);
            assertThat(large.operations()).isEqualTo(5);
        }
    }
}
