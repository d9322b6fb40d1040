package dev.sluice.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

final class IoVectorsTest {
    private static final int FLAGS = SocketIo.MSG_NOSIGNAL;

    private final NativeContext ctx = new NativeContext();

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void shouldDeliverAllInOrderWhenSendsArePartial(String host) throws Exception {
        int pieces = 16;
        int pieceBytes = 100_003;
        try (Arena arena = Arena.ofConfined(); SocketPair pair = new SocketPair(ctx, host)) {
            SocketOptions.set(ctx, pair.near(), SocketOptions.SOL_SOCKET, SocketOptions.SO_SNDBUF, 16_384);
            MemorySegment source = random(arena, (long) pieces * pieceBytes);
            MemorySegment target = arena.allocate(source.byteSize());
            IoVectors vectors = new IoVectors(arena, pieces);
            for (int i = 0; i < pieces; i++) {
                assertThat(vectors.add(source.address() + (long) i * pieceBytes, pieceBytes)).isTrue();
            }
            long received = 0;
            int partial = 0;
            while (received < source.byteSize()) {
                long sent = vectors.count() == 0 ? 0 : SocketIo.sendmsg(ctx, pair.near(), vectors, FLAGS);
                if (sent > 0) {
                    partial += sent < vectors.remainingBytes() ? 1 : 0;
                    vectors.advance(sent);
                }
                long got = SocketIo.recv(ctx, pair.far(), target.address() + received, source.byteSize() - received, 0);
                if (got == -Errno.EAGAIN) {
                    boolean full = sent == -Errno.EAGAIN;
                    assertThat(full
                            ? SocketPair.await(ctx, pair.near(), Epoll.EPOLLOUT)
                            : SocketPair.await(ctx, pair.far(), Epoll.EPOLLIN)).isNotZero();
                } else {
                    assertThat(got).isPositive();
                    received += got;
                }
            }
            assertThat(partial).isPositive();
            assertThat(vectors.count()).isZero();
            assertThat(vectors.remainingBytes()).isZero();
            assertThat(target.mismatch(source)).isEqualTo(-1);
        }
    }

    @Test
    void shouldScatterWhenReceivedIntoSeveralPieces() throws Exception {
        try (Arena arena = Arena.ofConfined(); SocketPair pair = new SocketPair(ctx, "::1")) {
            MemorySegment source = random(arena, 64);
            MemorySegment target = arena.allocate(64);
            IoVectors vectors = new IoVectors(arena, 3);
            vectors.add(target.address() + 40, 24);
            vectors.add(0, 0);
            vectors.add(target.address(), 8);
            vectors.add(target.address() + 8, 32);
            assertThat(SocketIo.send(ctx, pair.near(), source.address(), 64, SocketIo.MSG_NOSIGNAL)).isEqualTo(64);
            SocketPair.await(ctx, pair.far(), Epoll.EPOLLIN);
            assertThat(SocketIo.recvmsg(ctx, pair.far(), vectors, 0)).isEqualTo(64);
            assertThat(target.asSlice(40, 24).mismatch(source.asSlice(0, 24))).isEqualTo(-1);
            assertThat(target.asSlice(0, 40).mismatch(source.asSlice(24, 40))).isEqualTo(-1);
            assertThat(SocketIo.recvmsg(ctx, pair.far(), vectors, 0)).isEqualTo(-Errno.EAGAIN);
        }
    }

    @Test
    void shouldKeepAddressesAndLengthsWhenAdvancedWithinAndAcrossPieces() {
        try (Arena arena = Arena.ofConfined()) {
            IoVectors vectors = new IoVectors(arena, 3);
            assertThat(vectors.add(1_000, 10)).isTrue();
            assertThat(vectors.add(2_000, 20)).isTrue();
            assertThat(vectors.add(3_000, 30)).isTrue();
            assertThat(vectors.add(4_000, 40)).as("full").isFalse();
            assertThat(vectors.add(4_000, 0)).as("nothing always fits").isTrue();
            assertThat(vectors.remainingBytes()).isEqualTo(60);
            vectors.advance(0);
            assertFirst(vectors, 3, 1_000, 10);
            vectors.advance(3);
            assertFirst(vectors, 3, 1_003, 7);
            vectors.advance(7);
            assertFirst(vectors, 2, 2_000, 20);
            vectors.advance(25);
            assertFirst(vectors, 1, 3_005, 25);
            assertThatThrownBy(() -> vectors.advance(26)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> vectors.advance(-1)).isInstanceOf(IllegalArgumentException.class);
            vectors.advance(25);
            assertThat(vectors.count()).isZero();
            vectors.clear();
            assertThat(vectors.add(5_000, 50)).isTrue();
            assertFirst(vectors, 1, 5_000, 50);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, IoVectors.MAX_CAPACITY + 1})
    void shouldRefuseWhenCapacityIsNotWhatTheKernelTakes(int capacity) {
        assertThatThrownBy(() -> new IoVectors(Arena.ofAuto(), capacity)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Integer.toString(capacity));
    }

    static MemorySegment random(Arena arena, long length) {
        byte[] bytes = new byte[(int) length];
        new Random(length).nextBytes(bytes);
        return arena.allocate(length, 8).copyFrom(MemorySegment.ofArray(bytes));
    }

    private static void assertFirst(IoVectors vectors, int count, long address, long length) {
        assertThat(vectors.count()).isEqualTo(count);
        MemorySegment header = Libc.view(vectors.messageAddress(), 56, Arena.ofAuto(), null);
        assertThat(header.get(ValueLayout.JAVA_LONG, 24)).isEqualTo(count);
        MemorySegment piece = Libc.view(header.get(ValueLayout.JAVA_LONG, 16), 16, Arena.ofAuto(), null);
        assertThat(piece.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(address);
        assertThat(piece.get(ValueLayout.JAVA_LONG, 8)).isEqualTo(length);
    }
}
