package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SluiceExceptionTest {

    @Test
    void shouldSayWhatWhomCodeAndRemedyWhenAllAreKnown() {
        SluiceException e = new SluiceException("connecting failed", 111, "tcp://h:1", "Start the peer");
        assertThat(e).hasMessage("connecting failed [tcp://h:1] (code 111). Start the peer").hasNoCause();
        assertThat(e.nativeCode()).isEqualTo(111);
        assertThat(e.peer()).isEqualTo("tcp://h:1");
        assertThat(e.remedy()).isEqualTo("Start the peer");
    }

    @Test
    void shouldLeaveOutWhatIsNotKnown() {
        assertThat(new SluiceException("failed", 0, "", "")).hasMessage("failed");
    }
}
