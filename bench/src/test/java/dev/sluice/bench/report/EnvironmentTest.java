package dev.sluice.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EnvironmentTest {

    @Test
    void shouldSayWhenTheProcessorIsEmulated() {
        assertThat(Environment.isEmulated("processor\t: 0\nmodel name\t: QEMU TCG CPU version 2.5+\n")).isTrue();
        assertThat(Environment.isEmulated("processor\t: 0\nmodel name\t: AMD EPYC\n")).isFalse();
    }

    @Test
    void shouldNamePartNumbersWhenTheKernelTellsNoName() {
        assertThat(Environment.cpu("processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd40\n"))
                .contains("implementer 0x41 part 0xd40");
    }
}
