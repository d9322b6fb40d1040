package dev.sluice.tcp.conn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.spi.SluiceUri;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

final class AddressesTest {
    @ParameterizedTest
    @CsvSource({"127.0.0.1, tcp://127.0.0.1:7", "0.0.0.0, tcp://127.0.0.1:7", "::, tcp://[::1]:7", "::1, tcp://[::1]:7",
        "2001:db8:0:0:1:0:0:0, tcp://[2001:db8:0:0:1::]:7", "2001:db8:0:1:0:1:0:1, tcp://[2001:db8:0:1:0:1:0:1]:7",
        "1:2:3:4:5:6:7:8, tcp://[1:2:3:4:5:6:7:8]:7", "::ffff:10.0.0.1, tcp://10.0.0.1:7"})
    void shouldWriteUriWhenAddressIsResolved(String host, String uri) throws Exception {
        assertThat(Addresses.toUri(new InetSocketAddress(InetAddress.getByName(host), 7))).isEqualTo(URI.create(uri));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1, true", "127.0.0.1, 127.0.0.2, true", "::1, ::1, true",
        "::ffff:127.0.0.1, ::ffff:127.0.0.1, true", "10.0.0.1, 10.0.0.1, true", "10.0.0.1, 10.0.0.2, false",
        "fe80::1%3, fe80::1%3, true", "2001:db8::1, 2001:db8::2, false"})
    void shouldKnowWhetherBothEndsAreOnOneHost(String local, String peer, boolean within) throws Exception {
        assertThat(Addresses.withinHost(new InetSocketAddress(InetAddress.getByName(local), 7),
                new InetSocketAddress(InetAddress.getByName(peer), 8))).isEqualTo(within);
    }

    @Test
    void shouldKeepScopeWhenAddressIsLinkLocal() throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName("fe80::1%3"), 7);
        URI uri = Addresses.toUri(address);
        assertThat(uri).hasToString("tcp://[fe80::1%253]:7");
        assertThat(Addresses.resolve(SluiceUri.parse(uri))).containsExactly(address);
    }
}
