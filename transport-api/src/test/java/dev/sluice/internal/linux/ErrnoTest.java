package dev.sluice.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ErrnoTest {
    @Test
    void shouldNameNumberAndTextWhenDescribed() {
        assertThat(Errno.describe(Errno.ECONNREFUSED)).startsWith("ECONNREFUSED (111): ").hasSizeGreaterThan(22);
        assertThat(Errno.describe(2)).startsWith("ENOENT (2): ");
        assertThat(Errno.describe(133)).startsWith("EHWPOISON (133): ");
    }

    @Test
    void shouldStillDescribeWhenUnknown() {
        assertThat(Errno.describe(0)).startsWith("errno (0): ");
        assertThat(Errno.describe(-5)).startsWith("errno (-5): ");
        assertThat(Errno.describe(134)).startsWith("errno (134): ");
        assertThat(Errno.describe(41)).as("a hole in the numbers").startsWith("errno (41): ");
        assertThat(Errno.describe(Integer.MAX_VALUE)).startsWith("errno (2147483647): ");
    }

    @Test
    void shouldKeepErrnoPerContextWhenThreadsFailDifferently() throws Exception {
        Thread other = new Thread(() -> {
            NativeContext ctx = new NativeContext();
            for (int i = 0; i < 20_000; i++) {
                failures += FileDescriptors.close(ctx, -1) == -Errno.EBADF ? 1 : 0;
            }
        });
        other.start();
        NativeContext ctx = new NativeContext();
        int fd = Sockets.openStream(ctx, Sockets.AF_INET);
        for (int i = 0; i < 20_000; i++) {
            assertThat(Sockets.shutdown(ctx, fd, Sockets.SHUT_WR)).isEqualTo(-Errno.ENOTCONN);
        }
        other.join();
        FileDescriptors.close(ctx, fd);
        assertThat(failures).isEqualTo(20_000);
    }

    private int failures;
}
