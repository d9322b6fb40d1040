package dev.sluice.examples;

import dev.sluice.*;
import dev.sluice.auto.*;
import dev.sluice.driver.*;

import java.lang.foreign.Arena;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Executors;

/** {@code Echo tcp://127.0.0.1:0 hello}: one end says it, the other says it again. */
public final class Echo {

    public static void main(String... args) throws Exception {
        try (var listener = AutoListener.open(URI.create(args[0]), Options.none());
                var transport = Sluice.open(listener.address(), Options.none());
                var driver = Driver.start(transport, Options.none());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var served = threads.submit(() -> serve(listener.accept(Duration.ofSeconds(10)).orElseThrow()));
            try (var server = driver.connect(listener.address(), Options.none()).blocking()) {
                server.offer(Arena.ofAuto().allocateFrom(args[1]));
                System.out.println(server.receive().orElseThrow().getString(0));
                server.shutdownOutput();
                served.get();
            }
        }
    }

    private static Void serve(AutoRequest request) throws Exception {
        try (var driver = Driver.start(request.transport(), Options.none());
                BlockingConnection client = driver.accept(request, Options.none()).blocking()) {
            for (var said = client.receive(); said.isPresent(); said = client.receive()) {
                client.offer(said.get());
            }
            return null;
        }
    }
}
