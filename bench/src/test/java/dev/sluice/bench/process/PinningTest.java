package dev.sluice.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.bench.BenchException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

class PinningTest {

    private static final List<String> SHOW = List.of("grep", "Cpus_allowed_list", "/proc/self/status");

    @Test
    void shouldReadTheKernelsFormOfASet() {
        assertThat(Pinning.cpus("0")).containsExactly(0);
        assertThat(Pinning.cpus("0-2,8,10-11")).containsExactly(0, 1, 2, 8, 10, 11);
    }

    @Test
    void shouldChangeNothingWhenTheSchedulerPlacesTheEnds() {
        Pinning none = Pinning.parse("none");

        assertThat(none).isSameAs(Pinning.NONE).isSameAs(none.checked());
        assertThat(none.near(SHOW)).isEqualTo(SHOW);
        assertThat(none.far(SHOW)).isEqualTo(SHOW);
        assertThat(none.arguments()).isEmpty();
        assertThat(Pinning.parse(none.option())).isSameAs(none);
    }

    @Test
    void shouldStartEachEndOnItsProcessor() {
        Pinning two = Pinning.parse("3,5");

        assertThat(two.near(List.of("a", "b"))).containsExactly("taskset", "-c", "3", "a", "b");
        assertThat(two.far(List.of("a", "b"))).containsExactly("taskset", "-c", "5", "a", "b");
        assertThat(two.arguments()).containsExactly("3", "5");
        assertThat(Pinning.parse(two.option())).hasToString("near end on 3, far end on 5");
    }

    @Test
    void shouldTakeTwoCoresWhenThereAreTwo() {
        assertThat(Pinning.onTwo(List.of(2, 3, 4), List.of(2, 3)).option()).isEqualTo("2,4");
        assertThat(Pinning.onTwo(List.of(0, 1), List.of(0)).option()).isEqualTo("0,1");
        assertThat(Pinning.onTwo(List.of(0, 1), List.of(0, 1)).option()).as("two threads of one core")
                .isEqualTo("0,1");
        assertThat(Pinning.onTwo(List.of(5, 6), List.of()).option()).as("the kernel does not tell").isEqualTo("5,6");
    }

    @Test
    void shouldRefuseAProcessorThatThisProcessMayNotUse() {
        assumeTrue(Programs.onPath("taskset").isPresent(), "no taskset");
        assertThatThrownBy(() -> Pinning.parse("0,65535").checked()).isInstanceOf(BenchException.class)
                .hasMessageContaining("65535");
    }

    @Test
    void shouldReallyRunThereWhenPinned() throws Exception {
        List<String> notes = new ArrayList<>();
        Pinning two = Pinning.onTwo(notes::add);
        assumeTrue(notes.isEmpty(), notes.toString());
        String[] cpus = two.option().split(",", -1);

        assertThat(Programs.run(two.far(SHOW), Map.of(), 10).output().strip()).endsWith("\t" + cpus[1]);
        assertThat(inAThread(two)).endsWith("\t" + cpus[0]);
        assertThat(inAThread(Pinning.NONE)).as("other threads stay free").contains(cpus[0]).contains(cpus[1]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "0,0"})
    void shouldNameTheProgramWhenItHangs(String cpus) {
        assumeTrue(Programs.onPath("taskset").isPresent(), "no taskset");
        List<String> hanging = Pinning.parse(cpus).far(List.of("sleep", "1000"));

        assertThatThrownBy(() -> Programs.run(hanging, Map.of(), 1)).isInstanceOf(BenchException.class)
                .hasMessage("sleep did not end within 1 s");
    }

    /** What a thread of its own may use after it was pinned. */
    private static String inAThread(Pinning pinning) throws Exception {
        CompletableFuture<String> allowed = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                pinning.pinThisThread();
                allowed.complete(Files.readString(Path.of("/proc/thread-self/status")).lines()
                        .filter(l -> l.startsWith("Cpus_allowed_list")).findFirst().orElseThrow());
            } catch (IOException | RuntimeException e) {
                allowed.completeExceptionally(e);
            }
        }).join();
        return allowed.get();
    }
}
