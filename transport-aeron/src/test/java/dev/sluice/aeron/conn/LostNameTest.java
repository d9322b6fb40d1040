package dev.sluice.aeron.conn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.Options;
import dev.sluice.Sluice;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.Transport;
import dev.sluice.aeron.driver.Clients;
import dev.sluice.aeron.driver.Names;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

@Timeout(30)
class LostNameTest {
    private static final String NAME = "lost-name-test";

    /** As when the listener closes after the dial has found its name, and before it hears the hello. */
    @Test
    void shouldFailToConnectWhenTheNameGoesBeforeTheHello() throws Exception {
        Clients.Client client = Clients.embedded(false);
        try (Transport transport = Sluice.open(URI.create("aeron:///"), Options.none());
                CompletionQueue queue = transport.newQueue(Options.none())) {
            Names.take(client.driver(), NAME, Reply.newStream());
            FutureTask<Connection> dial = new FutureTask<>(
                    () -> transport.connect(URI.create("aeron:///" + NAME), queue,
                            Options.none().with(StandardOptions.CONNECT_TIMEOUT, Duration.ofMinutes(10))));
            Thread.ofPlatform().start(dial);
            while (!hasStream(client.driver())) {
                Thread.onSpinWait();
            }
            Names.release(client.driver(), NAME);
            assertThatThrownBy(dial::get).cause().isInstanceOf(SluiceException.class)
                    .hasMessageContaining("the listener has gone without an answer").hasMessageContaining(NAME);
        } finally {
            client.release();
        }
    }

    private static boolean hasStream(Path driver) throws IOException {
        try (Stream<Path> streams = Files.list(driver.resolve("publications"))) {
            return streams.findAny().isPresent();
        }
    }

    /** A name whose listener lives is no reason to give up. */
    @Test
    void shouldFindTheSamePlaceAsLongAsTheNameIsTaken() throws Exception {
        Clients.Client client = Clients.embedded(false);
        try {
            int stream = Reply.newStream();
            Names.take(client.driver(), NAME, stream);
            assertThat(Names.find("", NAME)).isEqualTo(new Names.Place(client.driver(), stream));
            Names.release(client.driver(), NAME);
            assertThat(Names.find("", NAME)).isNull();
        } finally {
            client.release();
        }
    }
}
