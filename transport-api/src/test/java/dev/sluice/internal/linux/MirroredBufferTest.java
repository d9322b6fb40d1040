package dev.sluice.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;

final class MirroredBufferTest {
    private static final String MEMORY_FILE = "memfd:sluice";

    private static final long CAPACITY = 4L * Mappings.pageBytes();

    private final NativeContext ctx = new NativeContext();

    @Test
    void shouldShowEachByteTwiceWhenWritten() throws Exception {
        try (MirroredBuffer buffer = MirroredBuffer.open(ctx, CAPACITY)) {
            MemorySegment segment = buffer.segment();
            assertThat(segment.byteSize()).isEqualTo(2 * CAPACITY);
            assertThat(segment.address()).isEqualTo(buffer.address());
            assertThat(buffer.capacityBytes()).isEqualTo(CAPACITY);
            segment.set(ValueLayout.JAVA_LONG_UNALIGNED, CAPACITY - 3, 0x0807_0605_0403_0201L);
            assertThat(segment.asSlice(0, 5).toArray(ValueLayout.JAVA_BYTE)).containsExactly(4, 5, 6, 7, 8);
            segment.set(ValueLayout.JAVA_BYTE, 2 * CAPACITY - 1, (byte) 42);
            assertThat(segment.get(ValueLayout.JAVA_BYTE, CAPACITY - 1)).isEqualTo((byte) 42);
            assertThatThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 2 * CAPACITY))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void shouldReceiveOverTheWrapWithOneCall() throws Exception {
        try (Arena arena = Arena.ofConfined();
                MirroredBuffer buffer = MirroredBuffer.open(ctx, CAPACITY);
                SocketPair pair = new SocketPair(ctx, "127.0.0.1")) {
            MemorySegment source = IoVectorsTest.random(arena, 1_000);
            assertThat(SocketIo.send(ctx, pair.near(), source.address(), 1_000, SocketIo.MSG_NOSIGNAL))
                    .isEqualTo(1_000);
            long offset = CAPACITY - 300;
            SocketPair.receiveFully(ctx, pair.far(), buffer.address() + offset, 1_000);
            assertThat(buffer.segment().asSlice(offset, 1_000).mismatch(source)).isEqualTo(-1);
            assertThat(buffer.segment().asSlice(0, 700).mismatch(source.asSlice(300))).isEqualTo(-1);
        }
    }

    @Test
    void shouldLeaveNothingWhenAThousandAreOpenedAndClosed() throws Exception {
        long descriptors = ProcSelf.descriptors(MEMORY_FILE);
        long mappings = ProcSelf.mappings(MEMORY_FILE);
        MirroredBuffer[] buffers = new MirroredBuffer[1_000];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = MirroredBuffer.open(ctx, CAPACITY);
        }
        assertThat(ProcSelf.mappings(MEMORY_FILE)).isEqualTo(mappings + 2_000);
        assertThat(ProcSelf.descriptors(MEMORY_FILE)).as("a mapped buffer holds no descriptor").isEqualTo(descriptors);
        for (MirroredBuffer buffer : buffers) {
            buffer.close();
        }
        assertThat(ProcSelf.mappings(MEMORY_FILE)).isEqualTo(mappings);
    }

    @Test
    void shouldDoNothingWhenClosedTwice() throws Exception {
        MirroredBuffer buffer = MirroredBuffer.open(ctx, CAPACITY);
        long address = buffer.address();
        buffer.close();
        assertThat(ProcSelf.mapped(address)).isFalse();
        long stranger = Mappings.map(ctx, address, CAPACITY, Mappings.PROT_READ,
                Mappings.MAP_PRIVATE | Mappings.MAP_ANONYMOUS, -1, 0);
        buffer.close();
        assertThat(Mappings.advise(ctx, stranger, CAPACITY, Mappings.MADV_DONTNEED)).as("still mapped").isZero();
        assertThat(Mappings.unmap(ctx, stranger, CAPACITY)).isZero();
        assertThatThrownBy(() -> buffer.segment().get(ValueLayout.JAVA_BYTE, 0))
                .isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void shouldLeaveNothingWhenAStepFails(int step) throws Exception {
        long descriptors = ProcSelf.descriptors(MEMORY_FILE);
        long mappings = ProcSelf.mappings(MEMORY_FILE);
        FailingCalls calls = new FailingCalls(step);
        assertThatThrownBy(() -> MirroredBuffer.open(ctx, CAPACITY, calls)).isInstanceOf(ErrnoException.class)
                .hasMessageContaining(Long.toString(CAPACITY)).hasMessageContaining("EMFILE (24)");
        assertThat(ProcSelf.descriptors(MEMORY_FILE)).isEqualTo(descriptors);
        assertThat(ProcSelf.mappings(MEMORY_FILE)).isEqualTo(mappings);
        if (step > 3) {
            long reserved = calls.reserved.get();
            assertThat(reserved).isPositive();
            assertThat(Mappings.advise(ctx, reserved, 2 * CAPACITY, Mappings.MADV_DONTNEED)).isEqualTo(-Errno.ENOMEM);
        }
    }

    @Test
    void shouldRefuseWhenCapacityIsNoMultipleOfThePage() {
        for (long capacity : new long[]{0, -CAPACITY, CAPACITY + 1, CAPACITY / 8, Long.MAX_VALUE - 4095}) {
            assertThatThrownBy(() -> MirroredBuffer.open(ctx, capacity)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(Long.toString(capacity));
        }
    }

    @Test
    void shouldReportMemoryWhenCapacityExceedsTheAddressSpace() {
        assertThatThrownBy(() -> MirroredBuffer.open(ctx, 1L << 50)).isInstanceOf(ErrnoException.class)
                .hasMessageContaining("reservation").hasMessageContaining("ENOMEM");
    }

    /** Runs the real calls but for one, which fails as if the process had no descriptor left. */
    private static final class FailingCalls implements MirrorCalls {
        private final int failing;

        private final AtomicLong reserved = new AtomicLong();

        private int step;

        FailingCalls(int failing) {
            this.failing = failing;
        }

        @Override
        public int memoryFile(NativeContext ctx) {
            return ++step == failing ? -Errno.EMFILE : LINUX.memoryFile(ctx);
        }

        @Override
        public int truncate(NativeContext ctx, int fd, long size) {
            return ++step == failing ? -Errno.EMFILE : LINUX.truncate(ctx, fd, size);
        }

        @Override
        public long map(NativeContext ctx, long address, long length, int protection, int flags, int fd) {
            if (++step == failing) {
                return -Errno.EMFILE;
            }
            long result = LINUX.map(ctx, address, length, protection, flags, fd);
            reserved.compareAndSet(0, result);
            return result;
        }
    }
}
