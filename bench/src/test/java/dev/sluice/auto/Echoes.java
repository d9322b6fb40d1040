package dev.sluice.auto;

import dev.sluice.Options;
import dev.sluice.StandardOptions;
import dev.sluice.Transport;
import dev.sluice.driver.AsyncConnection;
import dev.sluice.driver.BlockingConnection;
import dev.sluice.driver.Driver;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Uses of an auto listener, with the other end in the same process. */
final class Echoes {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Echoes() {}

    /** What a server that puts its transport's name in front answers. */
    static String once(AutoListener listener, Transport transport, String question) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Driver driver = Driver.start(transport, Options.none())) {
            Future<String> served = threads.submit(() -> serve(listener));
            try (BlockingConnection server = driver.connect(listener.address(), Options.none()).blocking()) {
                server.offer(Arena.ofAuto().allocateFrom(question));
                String answer = server.receive().orElseThrow().getString(0);
                server.shutdownOutput();
                served.get();
                return answer;
            }
        }
    }

    private static String serve(AutoListener listener) throws Exception {
        AutoRequest request = listener.accept(LIMIT).orElseThrow();
        try (Driver driver = Driver.start(request.transport(), Options.none());
                BlockingConnection client = driver.accept(request, Options.none()).blocking()) {
            String question = client.receive().orElseThrow().getString(0);
            client.offer(Arena.ofAuto().allocateFrom(request.transport().scheme() + " " + question));
            client.receive();
            return question;
        }
    }

    /** What the acceptor is shown of it. */
    static String metadata(AutoListener listener, Transport transport, String metadata) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Driver driver = Driver.start(transport, Options.none())) {
            Future<AsyncConnection> dialed = threads.submit(() -> driver.connect(listener.address(),
                    Options.none().with(StandardOptions.METADATA, metadata)));
            AutoRequest request = listener.accept(LIMIT).orElseThrow();
            String shown = HexFormat.of().formatHex(request.metadata().toArray(ValueLayout.JAVA_BYTE));
            try (Driver acceptor = Driver.start(request.transport(), Options.none());
                    AsyncConnection accepted = acceptor.accept(request, Options.none());
                    AsyncConnection near = dialed.get()) {
                assert accepted != null && near != null;
            }
            return shown;
        }
    }
}
