package dev.sluice.tcp.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.RemoteRegion;
import dev.sluice.Status;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A long payload goes from region to socket to region: only what arrives together with its header may be copied. */
final class CopiesTest {
    private static final int MAX_COPIED_BYTES = 4096;

    private static final int ROUNDS = 20;

    @ParameterizedTest
    @ValueSource(ints = {64 << 10, (64 << 10) + 1, 100_003, 256 << 10, (256 << 10) + 1, (512 << 10) - 5,
        1_047_728, 1_047_729, (1 << 20) - 48, 1 << 20, (1 << 20) + 7, 3 << 20, 8 << 20})
    void shouldCopyFourKibAtMostWhenWritingOrReading(int bytes) throws Exception {
        try (Loopback pair = new Loopback(); MemoryRegion source = pair.transport.allocate(bytes, Options.none())) {
            pair.connect(Options.none());
            RemoteRegion remote = pair.share(pair.transport.allocate(bytes, Options.none()));
            for (int round = 1; round <= ROUNDS; round++) {
                boolean write = round % 2 == 0;
                long nearBefore = pair.near.diagnostics().copiedBytes();
                long farBefore = pair.far.diagnostics().copiedBytes();
                long posted = write
                        ? pair.near.write(source, 0, remote, 0, bytes, round, 0)
                        : pair.near.read(source, 0, remote, 0, bytes, round, 0);
                assertThat(posted).isNotNegative();
                int expected = round;
                pair.until("it completes", () -> pair.nearSaw.completed == expected);
                assertThat(pair.nearSaw.worst).isEqualTo(Status.OK);
                assertThat(pair.near.diagnostics().copiedBytes() - nearBefore).as("copied near, round %d", round)
                        .isLessThanOrEqualTo(write ? 0 : MAX_COPIED_BYTES);
                assertThat(pair.far.diagnostics().copiedBytes() - farBefore).as("copied far, round %d", round)
                        .isLessThanOrEqualTo(write ? MAX_COPIED_BYTES : 0);
            }
        }
    }
}
