package dev.sluice.bench.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class KernelTest {

    @TempDir
    private Path root;

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void shouldAdviseWhenLittleMemoryCanBeLocked() throws IOException {
        file("proc/self/limits", """
                Limit                     Soft Limit           Hard Limit           Units
                Max open files            1024                 1048576              files
                Max locked memory         8388608              8388608              bytes
                """);

        Finding locked = new Kernel(root).lockedMemory();
        Finding files = new Kernel(root).openFiles();

        assertThat(locked.verdict()).isEqualTo(Finding.Verdict.NOTE);
        assertThat(locked.found()).contains("8192 KiB");
        assertThat(locked.remedy()).contains("ulimit -l");
        assertThat(files.found()).contains("1024", "1048576");
        assertThat(files.remedy()).contains("ulimit -n");
    }

    @Test
    void shouldBeContentWhenMemoryIsUnlimited() throws IOException {
        file("proc/self/limits", "Max locked memory         unlimited            unlimited            bytes\n");

        assertThat(new Kernel(root).lockedMemory().verdict()).isEqualTo(Finding.Verdict.OK);
    }

    @Test
    void shouldBeContentWithALowLimitThatDoesNotCount() throws IOException {
        file("proc/self/limits", "Max locked memory         8388608              8388608              bytes\n");
        file("proc/self/status", "Name:\tjava\nCapEff:\t000001ffffffffff\n");

        assertThat(new Kernel(root).lockedMemory().verdict()).isEqualTo(Finding.Verdict.OK);

        file("proc/self/status", "CapEff:\t0000000000000000\n");
        assertThat(new Kernel(root).lockedMemory().remedy()).contains("memlock unlimited", "limits.conf");
    }

    @Test
    void shouldAdviseWhenSharedMemoryGetsNoHugePages() throws IOException {
        file("sys/kernel/mm/transparent_hugepage/shmem_enabled", "always within_size advise [never] deny force\n");

        Finding shared = new Kernel(root).sharedHugePages();

        assertThat(shared.verdict()).isEqualTo(Finding.Verdict.NOTE);
        assertThat(shared.remedy()).contains("advise");
    }

    @Test
    void shouldSayWhenSomethingCannotBeRead() {
        Kernel empty = new Kernel(root);

        assertThat(empty.mappings().found()).contains("cannot be read");
        assertThat(empty.socketBuffers().found()).contains("cannot be read");
    }

    @Test
    void shouldReadWholeNumbersFromTheRealKernel() {
        assertThat(Kernel.ofThisMachine().mappings().found()).as("not the first digit alone").matches("\\d{4,} .*");
    }
}
