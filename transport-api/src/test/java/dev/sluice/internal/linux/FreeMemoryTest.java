package dev.sluice.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

final class FreeMemoryTest {
    @TempDir
    private Path root;

    @Test
    void shouldTakeWhatTheMachineHasWhenNoGroupLimitsIt() throws IOException {
        file("proc/meminfo", "MemTotal:       8000000 kB\nMemFree:  1 kB\nMemAvailable:   1600 kB\n");
        file("proc/self/cgroup", "0::/\n");
        assertThat(new FreeMemory(root).bytes()).isEqualTo(1500L << 10);
    }

    @Test
    void shouldTakeTheTightestLimitWhenGroupsAreNested() throws IOException {
        file("proc/meminfo", "MemAvailable:   1000000 kB\n");
        file("proc/self/cgroup", "0::/box/inner\n");
        file("sys/fs/cgroup/box/memory.max", "16000\n");
        file("sys/fs/cgroup/box/memory.current", "12000\n");
        file("sys/fs/cgroup/box/memory.stat", "anon 5\ninactive_file 4000\n");
        file("sys/fs/cgroup/box/inner/memory.max", "max\n");
        file("sys/fs/cgroup/box/inner/memory.current", "12000\n");
        assertThat(new FreeMemory(root).bytes()).isEqualTo(7500);
    }

    @Test
    void shouldTakeTheTightestLimitWhenGroupsAreOfTheFirstVersion() throws IOException {
        file("proc/meminfo", "MemAvailable:   1000000 kB\n");
        file("proc/self/cgroup", "5:cpu,cpuacct:/\n4:memory:/box/inner\n1:name=systemd:/\n0::/\n");
        file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        file("sys/fs/cgroup/memory/memory.usage_in_bytes", "70000\n");
        file("sys/fs/cgroup/memory/box/memory.limit_in_bytes", "16000\n");
        file("sys/fs/cgroup/memory/box/memory.usage_in_bytes", "12000\n");
        file("sys/fs/cgroup/memory/box/memory.stat", "inactive_file 1\ntotal_inactive_file 4000\n");
        assertThat(new FreeMemory(root).bytes()).isEqualTo(7500);
    }

    @Test
    void shouldTakeTheLimitOfTheContainerWhenItsGroupIsNamedFromOutside() throws IOException {
        file("proc/meminfo", "MemAvailable:   1000000 kB\n");
        file("proc/self/cgroup", "7:hugetlb,memory:/docker/4711\n");
        file("sys/fs/cgroup/memory/memory.limit_in_bytes", "16000\n");
        file("sys/fs/cgroup/memory/memory.usage_in_bytes", "8000\n");
        assertThat(new FreeMemory(root).bytes()).isEqualTo(7500);
    }

    @Test
    void shouldNotGuessWhenNobodySays() {
        assertThat(new FreeMemory(root).bytes()).isEqualTo(Long.MAX_VALUE);
        assertThat(FreeMemory.ofThisMachine().bytes()).isBetween(1L << 20, Long.MAX_VALUE - 1);
    }

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
