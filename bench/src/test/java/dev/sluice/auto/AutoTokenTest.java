package dev.sluice.auto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.Options;
import dev.sluice.Sluice;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A transport of an auto listener is dialed with a token of the rendezvous, or not at all. */
@Timeout(120)
class AutoTokenTest {

    private AutoListener listener;

    @BeforeEach
    void open() throws SluiceException {
        listener = AutoListener.open(URI.create("auto://127.0.0.1:0"), Options.none());
    }

    @AfterEach
    void close() {
        listener.close();
    }

    private Answer ask(Hello hello) throws SluiceException {
        AutoAddress peer = AutoAddress.parse(listener.address(), List.of(), Options.none());
        return Inquiry.ask(peer, hello, System.nanoTime() + Duration.ofSeconds(60).toNanos());
    }

    private static void dial(String scheme, URI address, String metadata) throws SluiceException {
        try (Transport transport = Sluice.open(URI.create(scheme + ":///"), Options.none());
                CompletionQueue queue = transport.newQueue(Options.none());
                Connection connection = transport.connect(address, queue,
                        Options.none().with(StandardOptions.METADATA, metadata))) {
            assertThat(connection.peer()).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "tcp"})
    void shouldTakeAFreshTokenOnce(String scheme) throws Exception {
        Answer answer = ask(Hello.TRIAL);
        URI address = answer.offers().get(scheme);

        dial(scheme, address, answer.token().toMetadata());

        assertThatThrownBy(() -> dial(scheme, address, answer.token().toMetadata()))
                .isInstanceOf(SluiceException.class).hasMessageContaining("the token is absent, was used");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "tcp"})
    void shouldRefuseWhoBringsNoTokenOrAWrongOne(String scheme) throws Exception {
        URI address = ask(Hello.TRIAL).offers().get(scheme);

        for (String metadata : List.of("", "00", Token.fresh().toMetadata(), "00".repeat(16), "00".repeat(32))) {
            assertThatThrownBy(() -> dial(scheme, address, metadata)).isInstanceOf(SluiceException.class)
                    .hasMessageContaining("dialed by its auto:// address alone");
        }
        assertThat(listener.accept(Duration.ZERO)).as("the application was not asked").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "tcp"})
    void shouldTellTheDialerWhatTheApplicationRejects(String scheme) throws Exception {
        Answer answer = ask(new Hello(Hello.Purpose.CONNECT, Hello.TRIAL.metadata()));
        CompletableFuture<Throwable> dialed = CompletableFuture.supplyAsync(() -> catchThrowable(
                () -> dial(scheme, answer.offers().get(scheme), answer.token().toMetadata())));

        AutoRequest request = listener.accept(Duration.ofSeconds(60)).orElseThrow();
        request.reject(7, "not today");

        assertThat(request.transport().scheme()).isEqualTo(scheme);
        assertThat(dialed.get()).isInstanceOf(SluiceException.class).hasMessageContaining("not today")
                .satisfies(e -> assertThat(((SluiceException) e).nativeCode()).isEqualTo(7));
    }
}
