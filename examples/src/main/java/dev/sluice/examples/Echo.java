package dev.sluice.examples;

import dev.sluice.*;
import dev.sluice.driver.*;

import java.lang.foreign.Arena;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Executors;

/** {@code Echo tcp://127.0.0.1:0 hello}: one end says it, the other says it again. */
public final class Echo {

    public static void main(String... args) throws Exception {
        URI address = URI.create(args[0]);
        try (var transport = Sluice.open(address, Options.none());
                var driver = Driver.start(transport, Options.none());
                var listener = transport.listen(address, Options.none());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var served = threads.submit(() -> serve(driver, listener));
            try (var server = driver.connect(listener.address(), Options.none()).blocking()) {
                server.offer(Arena.ofAuto().allocateFrom(args[1]));
                System.out.println(server.receive().orElseThrow().getString(0));
                server.shutdownOutput();
                served.get();
            }
        }
    }

    private static Void serve(Driver driver, Listener listener) throws Exception {
        var accepted = driver.accept(listener, Duration.ofSeconds(10), Options.none()).orElseThrow();
        try (BlockingConnection client = accepted.blocking()) {
            for (var said = client.receive(); said.isPresent(); said = client.receive()) {
                client.offer(said.get());
            }
            return null;
        }
    }
}
