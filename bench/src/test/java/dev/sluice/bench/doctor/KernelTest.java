package dev.sluice.bench.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

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
    void shouldAdviseWhenLittleMemoryIsLeftToShare() throws IOException {
        file("proc/meminfo", "MemTotal:       16384000 kB\nMemAvailable:    8192000 kB\n");
        assertThat(new Kernel(root).memory().verdict()).isEqualTo(Finding.Verdict.OK);

        file("sys/fs/cgroup/memory.max", "max\n");
        file("sys/fs/cgroup/memory.current", "52428800\n");
        assertThat(new Kernel(root).memory().verdict()).isEqualTo(Finding.Verdict.OK);

        file("sys/fs/cgroup/memory.max", "104857600\n");
        Finding inContainer = new Kernel(root).memory();
        assertThat(inContainer.found()).contains("50 MiB", "control group");
        assertThat(inContainer.remedy()).contains("container's limit", "messageBufferBytes");

        Files.delete(root.resolve("sys/fs/cgroup/memory.max"));
        file("sys/fs/cgroup/memory/memory.limit_in_bytes", "41943040\n");
        file("sys/fs/cgroup/memory/memory.usage_in_bytes", "20971520\n");
        assertThat(new Kernel(root).memory().found()).as("version 1").contains("20 MiB", "control group");

        file("proc/meminfo", "MemAvailable:    10240 kB\n");
        Finding onHost = new Kernel(root).memory();
        assertThat(onHost.found()).contains("10 MiB", "MemAvailable");
        assertThat(onHost.remedy()).contains("free memory").doesNotContain("container");
    }

    @Test
    void shouldAdviseWhenTheDriversFolderIsSmallOrMissing() {
        assertThat(new Kernel(root).sharedFiles().remedy()).contains("mount -t tmpfs");
        assertThat(Kernel.sharedFiles(OptionalLong.of(64L << 20)).found()).isEqualTo("64 MiB free");
        assertThat(Kernel.sharedFiles(OptionalLong.of(64L << 20)).remedy()).contains("--shm-size", "remount");
        assertThat(Kernel.sharedFiles(OptionalLong.of(1L << 30)).verdict()).isEqualTo(Finding.Verdict.OK);
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
