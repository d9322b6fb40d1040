package dev.sluice.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

final class SocketAddressesTest {
    @ParameterizedTest
    @CsvSource({"127.0.0.1, 1, 16", "255.254.253.252, 65535, 16", "::1, 40000, 28", "2001:db8::ff00:42:8329, 0, 28"})
    void shouldComeBackEqualWhenEncoded(String host, int port, int length) throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(host), port);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(SocketAddresses.MAX_BYTES, 8).fill((byte) 0xff);
            assertThat(SocketAddresses.encode(address, memory)).isEqualTo(length);
            assertThat(SocketAddresses.decode(memory)).isEqualTo(address);
        }
    }

    @Test
    void shouldKeepTheScopeWhenLinkLocal() throws Exception {
        byte[] bytes = InetAddress.ofLiteral("fe80::1").getAddress();
        InetSocketAddress address = new InetSocketAddress(Inet6Address.getByAddress(null, bytes, 3), 99);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(SocketAddresses.MAX_BYTES, 8).fill((byte) 0xff);
            SocketAddresses.encode(address, memory);
            assertThat(memory.get(ValueLayout.JAVA_INT, 24)).isEqualTo(3);
            assertThat(memory.get(ValueLayout.JAVA_INT, 4)).as("flow label").isZero();
            InetSocketAddress back = SocketAddresses.decode(memory);
            assertThat(((Inet6Address) back.getAddress()).getScopeId()).isEqualTo(3);
            assertThat(back).isEqualTo(address);
        }
    }

    @Test
    void shouldPutPortAndAddressInNetworkOrderWhenEncoded() throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(SocketAddresses.MAX_BYTES, 8).fill((byte) 0xff);
            SocketAddresses.encode(new InetSocketAddress(InetAddress.ofLiteral("1.2.3.4"), 0x1234), memory);
            assertThat(memory.asSlice(2, 14).toArray(ValueLayout.JAVA_BYTE)).containsExactly(0x12, 0x34, 1, 2, 3, 4, 0,
                    0, 0, 0, 0, 0, 0, 0);
        }
    }

    @Test
    void shouldShowIpv4WhenMapped() throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(SocketAddresses.MAX_BYTES, 8);
            memory.set(ValueLayout.JAVA_SHORT, 0, (short) Sockets.AF_INET6);
            byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};
            MemorySegment.copy(mapped, 0, memory, ValueLayout.JAVA_BYTE, 8, 16);
            assertThat(SocketAddresses.decode(memory).getAddress()).isEqualTo(InetAddress.ofLiteral("10.0.0.1"));
        }
    }

    @Test
    void shouldRefuseWhenUnresolvedOrOfAnotherFamily() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(SocketAddresses.MAX_BYTES, 8);
            assertThatThrownBy(() -> SocketAddresses.encode(InetSocketAddress.createUnresolved("nowhere", 1), memory))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("nowhere");
            memory.set(ValueLayout.JAVA_SHORT, 0, (short) 1);
            assertThatThrownBy(() -> SocketAddresses.decode(memory)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("family 1");
        }
    }
}
