package dev.sluice.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;

final class ResourceLimitsTest {
    private final NativeContext ctx = new NativeContext();

    @ParameterizedTest
    @CsvSource({"7, Max open files", "8, Max locked memory"})
    void shouldTellWhatTheKernelShowsWhenAsked(int resource, String name) throws Exception {
        String line = Files.readAllLines(Path.of("/proc/self/limits")).stream().filter(each -> each.startsWith(name))
                .findFirst().orElseThrow();
        String[] columns = line.substring(name.length()).strip().split("\\s+", -1);
        assertThat(ResourceLimits.soft(ctx, resource)).isEqualTo(limit(columns[0]));
        assertThat(ResourceLimits.hard(ctx, resource)).isEqualTo(limit(columns[1]));
    }

    @Test
    void shouldEnforceTheNewLimitWhenSet() {
        int resource = ResourceLimits.RLIMIT_NOFILE;
        long before = ResourceLimits.soft(ctx, resource);
        long hard = ResourceLimits.hard(ctx, resource);
        assertThat(ResourceLimits.setSoft(ctx, resource, before - 1)).isZero();
        assertThat(ResourceLimits.soft(ctx, resource)).isEqualTo(before - 1);
        assertThat(ResourceLimits.hard(ctx, resource)).isEqualTo(hard);
        assertThat(ResourceLimits.setSoft(ctx, resource, before)).isZero();
        assertThat(ResourceLimits.soft(ctx, -1)).isEqualTo(-Errno.EINVAL);
        assertThat(ResourceLimits.setSoft(ctx, -1, 1)).isEqualTo(-Errno.EINVAL);
    }

    private static long limit(String shown) {
        return shown.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(shown);
    }
}
