package dev.sluice.rdma.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WrIdTest {
    @Test
    void shouldGiveBackWhatWasPacked() {
        for (int place : new int[]{0, 1, 255, WrId.MAX_PLACES - 1}) {
            for (int generation : new int[]{0, 1, 255}) {
                for (int number : new int[]{0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
                    long id = WrId.of(place, generation, WrId.SEND, number);
                    assertThat(WrId.place(id)).isEqualTo(place);
                    assertThat(WrId.generation(id)).isEqualTo(generation);
                    assertThat(WrId.number(id)).isEqualTo(number);
                    assertThat(WrId.isReceive(id)).isFalse();
                }
            }
        }
    }

    @Test
    void shouldTellReceives() {
        assertThat(WrId.isReceive(WrId.of(7, 3, WrId.RECEIVE, -1))).isTrue();
    }

    @Test
    void shouldCarryRecordsWithoutMeetingACredit() {
        for (int type = Records.MESSAGE; type <= Records.END; type++) {
            for (int length : new int[]{0, 1, 4096, Connections.QUANTUM_BYTES}) {
                int immediate = Immediates.record(type, length);
                assertThat(Immediates.type(immediate)).isEqualTo(type);
                assertThat(Immediates.length(immediate)).isEqualTo(length);
                assertThat(Immediates.isCredit(immediate)).isFalse();
            }
        }
        assertThat(Immediates.isCredit(Immediates.CREDIT)).isTrue();
    }

    @Test
    void shouldReadNoLengthOrTypeThatIsNegative() {
        for (int immediate : new int[]{0, -1, Immediates.CREDIT + 1, Integer.MAX_VALUE}) {
            assertThat(Immediates.length(immediate)).isNotNegative();
            assertThat(Immediates.type(immediate)).isBetween(0, 255);
        }
    }
}
