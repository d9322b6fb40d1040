package dev.sluice.shm.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Grant;
import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.RemoteRegion;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.Status;
import dev.sluice.internal.linux.Mappings;
import dev.sluice.internal.linux.SharedMemory;
import dev.sluice.shm.ShmOptions;
import dev.sluice.shm.ShmPair;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class HugePagesTest {
    private static final long HUGE = SharedMemory.HUGE_PAGE_BYTES;
    private static final Options ONLY = Options.none().with(ShmOptions.HUGE_PAGES_ONLY, true);
    private static final Options PREFERRED = Options.none().with(StandardOptions.HUGE_PAGES, true);

    @Test
    void shouldFailWithTheRemedyWhenReservedPagesDoNotSuffice() throws Exception {
        long tooMany = (free() + 1) * HUGE;
        try (ShmPair pair = new ShmPair(Options.none())) {
            assertThatThrownBy(() -> pair.transport().allocate(tooMany, ONLY)).isInstanceOfSatisfying(
                    SluiceException.class, e -> assertThat(e.remedy()).contains("vm.nr_hugepages"));
            assertThat(free()).as("what it had taken").isEqualTo(tooMany / HUGE - 1);
        }
    }

    @Test
    void shouldTakeOtherPagesWhenReservedOnesDoNotSuffice() throws Exception {
        long tooMany = (free() + 1) * HUGE;
        Assumptions.assumeTrue(tooMany < 256 * HUGE, "so many huge pages are reserved here that they always suffice");
        try (ShmPair pair = new ShmPair(Options.none());
                MemoryRegion region = pair.transport().allocate(tooMany, PREFERRED)) {
            assertThat(region.pageBytes()).isEqualTo(Mappings.pageBytes());
            assertThat(region.segment().address() % Mappings.pageBytes()).isZero();
        }
    }

    @Test
    void shouldServeGrantsOfAnyRangeWhenPagesAreReserved() throws Exception {
        long before = free();
        Assumptions.assumeTrue(before >= 2, "two huge pages are to be reserved: sysctl vm.nr_hugepages=2");
        try (ShmPair pair = new ShmPair(Options.none())) {
            MemoryRegion region = pair.transport().allocate(HUGE + 1, ONLY);
            assertThat(region.pageBytes()).isEqualTo(HUGE);
            assertThat(free()).isEqualTo(before - 2);
            Grant grant = pair.far().grant(region, HUGE - 8, 9, Set.of(Right.WRITE));
            RemoteRegion remote = pair.importOf(grant);
            MemoryRegion source = pair.transport().allocate(16, Options.none());
            source.segment().set(ValueLayout.JAVA_LONG, 0, 4711);
            assertThat(pair.near().write(source, 0, remote, 0, 9, 1, 0)).isNotNegative();
            pair.until("the write", () -> pair.nearSaw().completions() == 1);
            assertThat(pair.nearSaw().last()).isEqualTo(Status.OK);
            assertThat(region.segment().get(ValueLayout.JAVA_LONG, HUGE - 8)).isEqualTo(4711);
            remote.close();
            grant.close();
            region.close();
        }
        assertThat(free()).isEqualTo(before);
    }

    private static long free() throws IOException {
        Matcher count = Pattern.compile("HugePages_Free:\\s+(\\d+)")
                .matcher(Files.readString(Path.of("/proc/meminfo")));
        return count.find() ? Long.parseLong(count.group(1)) : 0;
    }
}
