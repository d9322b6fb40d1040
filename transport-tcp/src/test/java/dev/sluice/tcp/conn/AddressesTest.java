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

    @Test
    void shouldKeepScopeWhenAddressIsLinkLocal() throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName("fe80::1%3"), 7);
        URI uri = Addresses.toUri(address);
        assertThat(uri).hasToString("tcp://[fe80::1%253]:7");
        assertThat(Addresses.resolve(SluiceUri.parse(uri))).containsExactly(address);
    }
}
