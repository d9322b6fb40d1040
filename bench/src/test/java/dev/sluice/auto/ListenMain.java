package dev.sluice.auto;

import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.driver.BlockingConnection;
import dev.sluice.driver.DisconnectedException;
import dev.sluice.driver.Driver;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.URI;
import java.time.Duration;

/** An auto listener in a process of its own: tells each client the name of its transport, until standard input ends. */
final class ListenMain {

    private ListenMain() {}

    public static void main(String... args) throws Exception {
        try (AutoListener listener = AutoListener.open(URI.create(args[0]), Options.none())) {
            Thread.ofVirtual().start(() -> serve(listener));
            System.out.println(listener.address());
            while (System.in.read() >= 0) {
                // What is written there means nothing.
            }
        }
    }

    private static void serve(AutoListener listener) {
        try {
            while (true) {
                AutoRequest request = listener.accept(Duration.ofMinutes(10)).orElseThrow();
                greet(request);
            }
        } catch (IOException | InterruptedException ended) {
            System.err.println(ended);
        }
    }

    private static void greet(AutoRequest request) throws SluiceException, InterruptedException {
        try (Driver driver = Driver.start(request.transport(), Options.none());
                BlockingConnection client = driver.accept(request, Options.none()).blocking()) {
            client.offer(Arena.ofAuto().allocateFrom(request.transport().scheme()));
            client.receive();
        } catch (DisconnectedException closed) {
            // The client has heard enough.
        }
    }
}
