package dev.sluice.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.Options;
import dev.sluice.StandardOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.time.Duration;

class SluiceUriTest {

    @ParameterizedTest
    @CsvSource({"tcp://host:7171, host, 7171", "tcp://host, host, -1", "tcp://host:0, host, 0",
        "tcp://host:65535, host, 65535", "tcp://my_host:1, my_host, 1", "tcp://*:1, *, 1",
        "tcp://10.0.0.1:1, 10.0.0.1, 1", "tcp://[::1]:1, ::1, 1", "tcp://[::1], ::1, -1", "tcp://[::]:0, ::, 0",
        "tcp://[fe80::1%25eth0]:1, fe80::1%eth0, 1", "tcp://[fe80::1%eth0]:1, fe80::1%eth0, 1",
        "tcp://[fe80::1%2525]:1, fe80::1%25, 1", "TCP://Host:1, Host, 1"})
    void shouldTakeHostAndPortApart(String text, String host, int port) {
        SluiceUri uri = SluiceUri.parse(URI.create(text));
        assertThat(uri.scheme()).isEqualTo("tcp");
        assertThat(uri.host()).isEqualTo(host);
        assertThat(uri.port()).isEqualTo(port);
    }

    @ParameterizedTest
    @CsvSource({"tcp:///, /", "shm:///run/my%20socket, /run/my socket", "aeron:///name, /name"})
    void shouldHaveAPathAndNoHostWhenThereIsNoAuthority(String text, String path) {
        SluiceUri uri = SluiceUri.parse(URI.create(text));
        assertThat(uri.host()).isEmpty();
        assertThat(uri.port()).isEqualTo(SluiceUri.NO_PORT);
        assertThat(uri.path()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp://host:", "tcp://host:-1", "tcp://host:65536", "tcp://host:http", "tcp://host:123456",
        "tcp://[::1]:", "tcp://a:b:1", "tcp://user@host:1", "host", "//host:1", "tcp:host:1",
        "tcp://::1:1"})
    void shouldRefuseWhenTheAddressIsMalformed(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> SluiceUri.parse(URI.create(text)))
                .withMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp://h:1?backlog", "tcp://h:1?=3", "tcp://h:1?backlog=3&",
        "tcp://h:1?backlog=3&backlog=3"})
    void shouldRefuseWhenTheQueryIsMalformed(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> SluiceUri.parse(URI.create(text)))
                .withMessageContaining("'" + text + "'");
    }

    @Test
    void shouldReadOptionsOfTheQueryWhenTheyAreKnown() {
        SluiceUri uri = SluiceUri.parse(URI.create("tcp://h:1?backlog=3&connectTimeout=5s"));
        Options inCode = Options.none().with(StandardOptions.BACKLOG, 4);
        Options both = uri.options(StandardOptions.all(), inCode);
        assertThat(both.get(StandardOptions.BACKLOG)).isEqualTo(4);
        assertThat(both.get(StandardOptions.CONNECT_TIMEOUT)).isEqualTo(Duration.ofSeconds(5));
        assertThat(uri.get(StandardOptions.BACKLOG)).isEqualTo(3);
        assertThat(uri.get(StandardOptions.DETECTION_TIME)).isEqualTo(StandardOptions.DETECTION_TIME.defaultValue());
    }

    @Test
    void shouldRefuseOptionsThatAreNotKnown() {
        SluiceUri uri = SluiceUri.parse(URI.create("tcp://h:1?nonsense=3"));
        assertThatIllegalArgumentException().isThrownBy(() -> uri.options(StandardOptions.all(), Options.none()))
                .withMessageContainingAll("nonsense", "backlog");
    }

    @Test
    void shouldDecodeKeysAndValuesButNotPlus() {
        SluiceUri uri = SluiceUri.parse(URI.create("tcp://h:1?meta%64ata=a+b%20c%26d=e"));
        assertThat(uri.get(StandardOptions.METADATA)).isEqualTo("a+b c&d=e");
    }

    @ParameterizedTest
    @CsvSource({"host, 1", "my_host, 0", "10.0.0.1, 65535", "::1, 1", "fe80::1%eth0, 7171", "fe80::1%25, 1"})
    void shouldComeBackTheSameWhenPutTogetherAndTakenApart(String host, int port) {
        SluiceUri uri = SluiceUri.parse(SluiceUri.of("tcp", host, port));
        assertThat(uri.host()).isEqualTo(host);
        assertThat(uri.port()).isEqualTo(port);
    }
}
