package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.ConnectionRequest;
import dev.sluice.Listener;
import dev.sluice.Options;
import dev.sluice.Sluice;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Recorder.Event;
import dev.sluice.testkit.conformance.Recorder.Kind;
import dev.sluice.testkit.peer.Far;
import dev.sluice.testkit.peer.Fields;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Line 13 of the contract: connecting. */
@DisplayName("13 connecting")
public abstract class ConnectTests extends Theme {

    private static final Duration MOMENT = Duration.ofMillis(50);

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected ConnectTests(Subject subject) {
        super(subject);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 32})
    @DisplayName("13: up to 32 bytes of metadata, and the peer's address, reach the acceptor")
    void shouldShowTheMetadataWhenItIsSent(int bytes) throws IOException {
        String sent = hex(bytes);
        URI to = rig().farAddress();
        acceptThere(Settings.none());
        Connection near = rig().transport().connect(to, rig().queue(), metadata(sent));
        Fields request = rig().far().call("accepted", "l", rig().farListener());
        assertAll(() -> assertEquals(sent, request.text("metadata")),
                () -> assertEquals(rig().scheme(), URI.create(request.text("peer")).getScheme()),
                () -> assertEquals(rig().scheme(), near.peer().getScheme()));
    }

    @Test
    @DisplayName("13: more metadata, and what is not hexadecimal, is the caller's mistake")
    void shouldThrowWhenTheMetadataCannotTravel() throws IOException {
        URI to = rig().farAddress();
        for (String wrong : List.of(hex(33), "0", "zz", hex(32) + "0")) {
            assertThrows(IllegalArgumentException.class,
                    () -> rig().transport().connect(to, rig().queue(), metadata(wrong)), wrong);
        }
        rig().link().proveAlive();
    }

    @ParameterizedTest
    @ValueSource(ints = {4711, -7, Integer.MAX_VALUE, Integer.MIN_VALUE})
    @DisplayName("13: code and reason of a refusal reach the peer")
    void shouldThrowWithCodeAndReasonWhenRefused(int code) throws IOException {
        String reason = "not on a Sunday, s'il vous pla\u00eet";
        URI to = rig().farAddress();
        reject(code, reason);
        SluiceException refused = assertThrows(SluiceException.class,
                () -> rig().transport().connect(to, rig().queue(), Options.none()));
        assertAll(() -> assertEquals(code, refused.nativeCode()),
                () -> assertTrue(refused.getMessage().contains(reason), refused::getMessage));
        assertEquals("", rig().far().call("accepted", "l", rig().farListener()).text("error"));
        assertEquals(0, rig().poll());
        rig().link().proveAlive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"r", "\u00e9", "\ud83d\ude80"})
    @DisplayName("13: of a long reason at least 128 bytes travel, cut between characters")
    void shouldShowTheBeginningWhenTheReasonIsLong(String character) throws IOException {
        URI to = rig().farAddress();
        reject(1, character.repeat(300));
        SluiceException refused = assertThrows(SluiceException.class,
                () -> rig().transport().connect(to, rig().queue(), Options.none()));
        String promised = character.repeat(128 / character.getBytes(StandardCharsets.UTF_8).length);
        assertAll(() -> assertTrue(refused.getMessage().contains(promised), refused::getMessage),
                () -> assertFalse(refused.getMessage().contains("\ufffd"), refused::getMessage));
    }

    @Test
    @DisplayName("13: the backlog is bounded: more requests are refused at once, those in it are served")
    void shouldRefuseMoreWhenTheBacklogIsFull() throws IOException, InterruptedException {
        Settings patient = Settings.of(StandardOptions.CONNECT_TIMEOUT, "60s");
        try (Listener listener = listen(patient.with(StandardOptions.BACKLOG, 2))) {
            List<Attempt> attempts = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                attempts.add(Attempt.to(rig(), listener.address(), patient));
            }
            rig().pumpUntil("4 of 6 to be refused", () -> attempts.stream().filter(Attempt::hasFailed).count() == 4);
            for (Attempt failed : attempts.stream().filter(Attempt::hasFailed).toList()) {
                String message = failed.failure().getMessage();
                assertTrue(message.contains("backlog"), message);
            }
            LocalPair.next(listener).accept(rig().queue(), Options.none());
            LocalPair.next(listener).accept(rig().queue(), Options.none());
            assertTrue(listener.accept(MOMENT).isEmpty());
            for (Attempt waiting : attempts.stream().filter(a -> !a.hasFailed()).toList()) {
                waiting.connection();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("13: one thread can run both ends, on one queue and on two")
    void shouldCarryMessagesWhenOneThreadRunsBothEnds(boolean oneQueue) throws IOException {
        CompletionQueue other = oneQueue ? rig().queue() : rig().transport().newQueue(Options.none());
        LocalPair pair = LocalPair.of(rig(), subject(), other, Settings.none());
        Recorder events = rig().recorder();
        List<Connection> ends = List.of(pair.dialled(), pair.accepted());
        poll(other, "onConnect at both ends", () -> events.all(Kind.CONNECT).size() == 2);
        for (int i = 1; i <= 100; i++) {
            long each = i;
            for (Connection end : ends) {
                poll(other, "offer", () -> end.offer(MemorySegment.ofArray(new byte[(int) each]), 0, (int) each) >= 0);
            }
            poll(other, "both messages", () -> ends.stream().allMatch(e -> events.count(Kind.MESSAGE, e) == each));
        }
        pair.accepted().close();
        poll(other, "both disconnects", () -> events.all(Kind.DISCONNECT).size() == 2);
    }

    @Test
    @DisplayName("13: a listener at any address says where it is, so that it can be dialled, more than once")
    void shouldTellAnAddressToDialWhenListeningAnywhere() throws IOException {
        try (Listener one = listen(Settings.none()); Listener two = listen(Settings.none())) {
            assertNotEquals(one.address(), two.address());
            assertEquals(rig().scheme(), one.address().getScheme());
            for (Listener listener : List.of(one, two, one)) {
                Attempt attempt = Attempt.to(rig(), listener.address(), Settings.none());
                Connection accepted = LocalPair.next(listener).accept(rig().queue(), Options.none());
                assertNotEquals(accepted.id(), attempt.connection().id());
            }
        }
    }

    @Test
    @DisplayName("13: an unknown key in a query throws, and names the known ones")
    void shouldThrowWhenAQueryHasAnUnknownKeyOrAnImpossibleValue() throws IOException {
        URI to = rig().farAddress();
        for (String query : List.of("?nonsense=1", "?connectTimeout=soon", "?backlog=many")) {
            assertAll(query, mistake(query, () -> Sluice.open(query(subject().open(), query), Options.none())),
                    mistake(query, () -> rig().transport().connect(query(to, query), rig().queue(), Options.none())),
                    mistake(query, () -> rig().transport().listen(query(subject().listen(), query), Options.none())));
        }
        rig().link().proveAlive();
    }

    @Test
    @DisplayName("13: an option in a query counts")
    void shouldObeyWhenAQueryHasAnOption() throws IOException {
        URI to = query(rig().farAddress(), "?metadata=0badcafe&connectTimeout=9s");
        acceptThere(Settings.none());
        rig().transport().connect(to, rig().queue(), Options.none());
        assertEquals("0badcafe", rig().far().call("accepted", "l", rig().farListener()).text("metadata"));
    }

    @Test
    @DisplayName("13: another transport's scheme throws")
    void shouldThrowWhenTheSchemeIsAnothers() {
        URI foreign = URI.create("other://127.0.0.1:4000");
        assertAll(
                () -> assertThrows(IllegalArgumentException.class,
                        () -> rig().transport().connect(foreign, rig().queue(), Options.none())),
                () -> assertThrows(IllegalArgumentException.class,
                        () -> rig().transport().listen(foreign, Options.none())));
    }

    @Test
    @DisplayName("13: many connections on one queue have ids of their own, also after others ended")
    void shouldKeepConnectionsApartWhenTheyShareAQueue() throws IOException {
        Set<Long> ids = new HashSet<>();
        List<Link> links = new ArrayList<>();
        int count = Tuning.times(20, 5);
        for (int i = 0; i < count; i++) {
            links.add(rig().link());
            assertTrue(ids.add(links.getLast().near().id()));
            if (i % 3 == 2) {
                links.removeLast().near().close();
            }
        }
        for (int i = 0; i < links.size(); i++) {
            Link link = links.get(i);
            link.call("handle", "reply", "offer");
            int length = i + 1;
            link.post("offer", () -> link.near().offer(MemorySegment.ofArray(new byte[length]), 0, length));
        }
        rig().pumpUntil("all answers", () -> rig().recorder().all(Kind.MESSAGE).size() >= links.size());
        for (int i = 0; i < links.size(); i++) {
            Connection near = links.get(i).near();
            List<Long> lengths = rig().recorder().all(Kind.MESSAGE).stream().filter(e -> e.connection() == near)
                    .map(Event::a).toList();
            assertEquals(List.of(i + 1L), lengths);
        }
    }

    @Test
    @DisplayName("13: connect and accept work on virtual threads")
    void shouldConnectWhenBothEndsWaitInVirtualThreads() throws Exception {
        try (Listener listener = listen(Settings.none())) {
            FutureTask<Connection> accepting = new FutureTask<>(
                    () -> LocalPair.next(listener).accept(rig().queue(), Options.none()));
            Thread.ofVirtual().start(accepting);
            Connection dialled = Attempt.virtual(rig(), listener.address(), Settings.none()).connection();
            Connection accepted = accepting.get(Rig.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            rig().pumpUntil("both ends", () -> rig().recorder().all(Kind.CONNECT).size() == 2);
            assertNotEquals(dialled.id(), accepted.id());
        }
    }

    @Test
    @DisplayName("13: onConnect comes first and once, also when the peer sends at once")
    void shouldBeginWithOnConnectWhenThePeerSentAlready() throws IOException {
        Link link = rig().connect(Settings.none(), Settings.none());
        link.farUntilWithoutPolling("connects", 1);
        link.call("flood", "count", 50, "minBytes", 1, "maxBytes", 50, "seed", 3, "by", "MIXED");
        link.farUntilWithoutPolling("accepted", 50);
        rig().pumpUntil("all of it", () -> rig().recorder().all(Kind.MESSAGE).size()
                + rig().recorder().all(Kind.IMMEDIATE).size() == 50);
        assertEquals(Kind.CONNECT, rig().recorder().events().getFirst().kind());
        link.proveAlive();
        assertEquals(1, rig().recorder().count(Kind.CONNECT, link.near()));
        assertEquals(1, link.farCount("connects"));
        assertTrue(link.call("stats").text("events").startsWith("connect"));
    }

    @Test
    @DisplayName("13: a request is answered once")
    void shouldThrowWhenARequestIsAnsweredTwice() throws IOException {
        try (Listener listener = listen(Settings.none())) {
            Attempt first = Attempt.to(rig(), listener.address(), Settings.none());
            ConnectionRequest request = LocalPair.next(listener);
            request.accept(rig().queue(), Options.none());
            assertAll(() -> assertThrows(IllegalStateException.class, () -> accept(request)),
                    () -> assertThrows(IllegalStateException.class, () -> request.reject(1, "too late")));
            first.connection();
            Attempt second = Attempt.to(rig(), listener.address(), Settings.none());
            ConnectionRequest refused = LocalPair.next(listener);
            refused.reject(5, "no");
            assertAll(() -> assertThrows(IllegalStateException.class, () -> accept(refused)),
                    () -> assertThrows(IllegalStateException.class, () -> refused.reject(6, "again")));
            assertEquals(5, second.failure().nativeCode());
        }
    }

    @ParameterizedTest
    @SuppressWarnings("try") // closing twice is the point
    @ValueSource(booleans = {true, false})
    @DisplayName("13: closing the listener refuses who waits, seen by accept or not")
    void shouldFailToConnectWhenTheListenerIsClosed(boolean seen) throws IOException {
        Settings patient = Settings.of(StandardOptions.CONNECT_TIMEOUT, "60s");
        try (Listener listener = listen(patient)) {
            Attempt attempt = Attempt.to(rig(), listener.address(), patient);
            ConnectionRequest request = seen ? LocalPair.next(listener) : null;
            listener.close();
            assertFalse(attempt.failure().getMessage().isBlank());
            if (seen) {
                assertThrows(SluiceException.class, () -> accept(request));
            }
            listener.close();
        }
    }

    private static Executable mistake(String query, Executable call) {
        return () -> {
            String message = assertThrows(IllegalArgumentException.class, call).getMessage();
            assertTrue(message.contains(query.startsWith("?nonsense")
                    ? "connectTimeout"
                    : query.substring(1, query.indexOf('='))), message);
        };
    }

    private static URI query(URI uri, String query) {
        return URI.create(uri + query);
    }

    private static String hex(int bytes) {
        byte[] content = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            content[i] = (byte) (255 - i);
        }
        return HexFormat.of().formatHex(content);
    }

    private static Options metadata(String text) {
        return Options.none().with(StandardOptions.METADATA, text);
    }

    private Connection accept(ConnectionRequest request) throws SluiceException {
        return request.accept(rig().queue(), Options.none());
    }

    private Listener listen(Settings settings) throws SluiceException {
        return rig().transport().listen(subject().listen(), settings.options(rig().scheme()));
    }

    private void acceptThere(Settings farEnd) {
        rig().far().call("accepting", Far.with(farEnd).put("l", rig().farListener()).put("q", rig().farQueue())
                .put("scheme", rig().scheme()));
    }

    private void reject(int code, String reason) {
        rig().far().call("rejecting", "l", rig().farListener(), "code", code, "reason", reason);
    }

    /** Polls the near queue and another one until something is so. */
    private void poll(CompletionQueue other, String what, BooleanSupplier condition) {
        rig().pumpUntil(what, () -> {
            if (other != rig().queue()) {
                other.poll(rig().recorder(), 64);
            }
            return condition.getAsBoolean();
        });
    }
}
