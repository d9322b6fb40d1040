package dev.sluice.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicReference;

/** Hot calls, which do not capture errno, still tell the right one. */
final class NativeContextTest {
    private final NativeContext own = new NativeContext();

    @Test
    void shouldTellTheErrorWhenItIsNotEagain() {
        assertErrors(own);
    }

    @Test
    void shouldTellTheErrorWhenErrnoWasLeftAtEagain() throws Exception {
        try (SocketPair pair = new SocketPair(own, "127.0.0.1")) {
            for (int i = 0; i < 1_000; i++) {
                assertThat(SocketIo.recv(own, pair.far(), own.scratchAddress(), 8, 0)).isEqualTo(-Errno.EAGAIN);
                assertErrors(own);
            }
        }
    }

    @Test
    void shouldTellTheErrorWhenTheThreadThatMadeTheContextHasEnded() throws Exception {
        assertForeign(Thread.ofPlatform());
    }

    @Test
    void shouldTellTheErrorWhenTheContextWasMadeOnAVirtualThread() throws Exception {
        assertForeign(Thread.ofVirtual());
    }

    private void assertForeign(Thread.Builder builder) throws Exception {
        try (SocketPair pair = new SocketPair(own, "::1")) {
            AtomicReference<NativeContext> made = new AtomicReference<>();
            Thread maker = builder.start(() -> {
                NativeContext ctx = new NativeContext();
                SocketIo.recv(ctx, pair.far(), ctx.scratchAddress(), 8, 0);
                made.set(ctx);
            });
            maker.join();
            NativeContext ctx = made.get();
            assertErrors(ctx);
            assertThat(ctx.sawAgain()).as("the errno of another thread is not read").isFalse();
            assertThat(SocketIo.recv(ctx, pair.far(), ctx.scratchAddress(), 8, 0)).isEqualTo(-Errno.EAGAIN);
        }
    }

    private static void assertErrors(NativeContext ctx) {
        try (Arena arena = Arena.ofConfined()) {
            IoVectors none = new IoVectors(arena, 1);
            assertThat(SocketIo.recv(ctx, -1, 0, 0, 0)).isEqualTo(-Errno.EBADF);
            assertThat(SocketIo.send(ctx, -1, 0, 0, 0)).isEqualTo(-Errno.EBADF);
            assertThat(SocketIo.recvmsg(ctx, -1, none, 0)).isEqualTo(-Errno.EBADF);
            assertThat(SocketIo.sendmsg(ctx, -1, none, 0)).isEqualTo(-Errno.EBADF);
            assertThat(KernelCopy.sendfile(ctx, -1, -1, 0, 1)).isEqualTo(-Errno.EBADF);
            assertThat(KernelCopy.splice(ctx, -1, 0, -1, 0, 1, 0)).isEqualTo(-Errno.EBADF);
            assertThat(EventFd.drain(ctx, -1)).isEqualTo(-Errno.EBADF);
        }
    }
}
