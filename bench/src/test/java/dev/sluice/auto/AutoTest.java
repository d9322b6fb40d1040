package dev.sluice.auto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Candidate;
import dev.sluice.Candidate.Verdict;
import dev.sluice.Explanation;
import dev.sluice.Options;
import dev.sluice.Sluice;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.Transport;
import dev.sluice.spi.TransportProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** What is chosen and why, with the real transports of the class path, both ends in this process. */
@Timeout(120)
class AutoTest {

    private static final URI ANYWHERE = URI.create("auto://127.0.0.1:0");

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private AutoListener listen(URI address, Collection<TransportProvider> providers) throws SluiceException {
        AutoListener listener = AutoListener.open(address, Options.none(), providers);
        opened.add(listener);
        return listener;
    }

    private AutoListener listen() throws SluiceException {
        return listen(ANYWHERE, Providers.all());
    }

    private Transport open(AutoListener listener, Collection<TransportProvider> providers) throws SluiceException {
        Transport transport = Auto.open(listener.address(), Options.none(), providers);
        opened.add(transport);
        return transport;
    }

    private static Map<String, Verdict> verdicts(Explanation explanation) {
        return explanation.candidates().stream().collect(Collectors.toMap(Candidate::scheme, Candidate::verdict));
    }

    private static String reason(Explanation explanation, String scheme) {
        return explanation.candidates().stream().filter(each -> each.scheme().equals(scheme)).findFirst()
                .orElseThrow().reason();
    }

    @Test
    void shouldOpenSharedMemoryWhenBothEndsAreOfOneUserOnOneHost() throws Exception {
        AutoListener listener = listen();

        Transport transport = open(listener, Providers.all());

        assertThat(transport.scheme()).isEqualTo("shm");
        assertThat(Echoes.once(listener, transport, "question")).isEqualTo("shm question");
    }

    @Test
    void shouldOpenTcpWhenSharedMemoryHasNoProviderHere() throws Exception {
        AutoListener listener = listen();

        Transport transport = open(listener, Providers.without("shm"));

        assertThat(transport.scheme()).isEqualTo("tcp");
        assertThat(Echoes.once(listener, transport, "question")).isEqualTo("tcp question");
        Explanation why = Auto.explain(listener.address(), Options.none(), Providers.without("shm"));
        assertThat(verdicts(why)).containsEntry("shm", Verdict.NO_PROVIDER).containsEntry("tcp", Verdict.CHOSEN);
        assertThat(reason(why, "shm")).contains("sluice-transport-aeron");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "rdma", "tcp", "aeron"})
    void shouldNameCauseAndRemedyWhenATransportIsUnavailableHere(String missing) throws Exception {
        AutoListener listener = listen();
        URI address = URI.create(listener.address() + "?transports=shm,rdma,tcp,aeron");

        Explanation why = Auto.explain(address, Options.none(), Providers.withUnavailable(missing));

        assertThat(verdicts(why)).containsEntry(missing, Verdict.UNAVAILABLE)
                .containsEntry(missing.equals("shm") ? "tcp" : "shm", Verdict.CHOSEN);
        assertThat(reason(why, missing)).contains("nothing works", "Repair it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "tcp"})
    void shouldOpenTheOtherOneWhenThePeerDoesNotOfferIt(String missing) throws Exception {
        AutoListener listener = listen(ANYWHERE, Providers.withUnavailable(missing));
        String other = missing.equals("shm") ? "tcp" : "shm";

        Explanation why = Sluice.explain(listener.address(), Options.none());

        assertThat(why.chosen()).map(Candidate::scheme).contains(other);
        assertThat(verdicts(listener.explanation())).containsEntry(missing, Verdict.UNAVAILABLE)
                .containsEntry(other, Verdict.OFFERED);
        if (missing.equals("shm")) {
            assertThat(reason(why, "shm")).isEqualTo("the peer does not offer it");
        }
    }

    @Test
    void shouldSayWhyForEachWhenNoneIsLeft() throws Exception {
        AutoListener listener = listen(URI.create("auto://127.0.0.1:0?transports=shm"), Providers.all());

        assertThatThrownBy(() -> Auto.open(listener.address(), Options.none(), Providers.without("shm")))
                .isInstanceOf(SluiceException.class).hasMessageContaining("tcp: the peer does not offer it")
                .hasMessageContaining("shm: no provider here");
        assertThatThrownBy(() -> Auto.open(listener.address(), Options.none(), List.of()))
                .isInstanceOf(SluiceException.class).hasMessageContaining("tcp: no provider here");
        assertThatThrownBy(() -> AutoListener.open(ANYWHERE, Options.none(), List.of()))
                .isInstanceOf(SluiceException.class).hasMessageContaining("no transport can be used");
    }

    @Test
    void shouldKeepToTheOrderThatTheAddressSays() throws Exception {
        AutoListener listener = listen();

        Options tcpFirst = Options.none().with(AutoOptions.TRANSPORTS, "tcp,shm");

        assertThat(Sluice.explain(listener.address(), tcpFirst).chosen()).map(Candidate::scheme).contains("tcp");
    }

    @Test
    void shouldGiveEachTransportTheOptionsThatItKnows() throws Exception {
        AutoListener listener = listen();
        URI withOptionOfShm = URI.create(listener.address() + "?numaNode=0&transports=tcp&messageBufferBytes=1m");

        try (Transport tcp = Sluice.open(withOptionOfShm, Options.none())) {
            assertThat(tcp.limits().maxMessageBytes()).isEqualTo(512 << 10);
        }
        assertThatThrownBy(() -> Sluice.open(URI.create(listener.address() + "?colour=red"), Options.none()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("colour");
    }

    @Test
    void shouldShowTheMetadataOfTheApplicationAndNotTheToken() throws Exception {
        AutoListener listener = listen();
        Transport transport = open(listener, Providers.all());

        assertThat(Echoes.metadata(listener, transport, "00c0ffee")).isEqualTo("00c0ffee");
        assertThat(Echoes.metadata(listener, transport, "")).isEmpty();
    }

    @Test
    void shouldSayWhatIsPossibleHereWhenNobodyIsAsked() throws Exception {
        Explanation why = Sluice.explain(URI.create("auto:///"), Options.none());

        assertThat(why.chosen()).isEmpty();
        assertThat(why.candidates()).extracting(Candidate::scheme).containsExactly("shm", "rdma", "tcp");
        assertThat(verdicts(why)).containsEntry("shm", Verdict.POSSIBLE).containsEntry("tcp", Verdict.POSSIBLE);
    }

    @Test
    void shouldNotReplaceATransportThatTheAddressNames() throws Exception {
        AutoListener listener = listen();
        int port = listener.address().getPort();

        assertThatThrownBy(() -> Sluice.open(URI.create("rdma://127.0.0.1:" + port), Options.none()).close())
                .isInstanceOfAny(SluiceException.class, IllegalArgumentException.class).hasMessageContaining("rdma");
        assertThatThrownBy(() -> Sluice.explain(URI.create("rdma://127.0.0.1:" + port), Options.none()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no choice");
    }

    @Test
    void shouldSayOnceWhatWasChosen() throws Exception {
        List<LogRecord> records = new ArrayList<>();
        Logger logger = Logger.getLogger("dev.sluice.auto");
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                records.add(record);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        AutoListener listener = listen();
        logger.addHandler(handler);
        try {
            Transport transport = open(listener, Providers.all());
            Echoes.once(listener, transport, "question");
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(records).hasSize(1);
        assertThat(records.getFirst().getMessage()).contains("shm for auto://", "rdma: ", "tcp: ");
    }

    @Test
    void shouldListenByOneTransportWhenTheAddressNamesIt() throws Exception {
        AutoListener listener = listen(URI.create("tcp://127.0.0.1:0?messageBufferBytes=1m"), Providers.all());
        assertThat(listener.address().getScheme()).isEqualTo("tcp");

        Transport transport = Sluice.open(URI.create("tcp:///"), Options.none());
        opened.add(transport);

        assertThat(Echoes.once(listener, transport, "question")).isEqualTo("tcp question");
        assertThat(Echoes.metadata(listener, transport, "01")).isEqualTo("01");
        assertThat(listener.transports()).hasSize(1);
    }

    @Test
    void shouldEndWhoWaitsWhenTheListenerIsClosed() throws Exception {
        AutoListener listener = listen();
        Thread closer = Thread.ofVirtual().unstarted(listener::close);
        closer.start();

        assertThatThrownBy(() -> {
            while (listener.accept(Duration.ofSeconds(60)).isEmpty()) {
                // Only the close ends it.
            }
        }).isInstanceOf(SluiceException.class).hasMessageContaining("closed");
        closer.join();
        assertThatThrownBy(() -> Sluice.open(listener.address(),
                Options.none().with(StandardOptions.CONNECT_TIMEOUT, Duration.ofSeconds(5))))
                .isInstanceOf(SluiceException.class).hasMessageContaining("cannot be reached");
    }
}
