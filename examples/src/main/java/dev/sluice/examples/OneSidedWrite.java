package dev.sluice.examples;

import dev.sluice.*;
import dev.sluice.auto.*;
import dev.sluice.driver.*;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;

/** {@code OneSidedWrite tcp://127.0.0.1:0 hello}: one end grants memory, the other writes into it. */
public final class OneSidedWrite {

    public static void main(String... args) throws Exception {
        try (var listener = AutoListener.open(URI.create(args[0]), Options.none());
                var transport = Sluice.open(listener.address(), Options.none());
                var threads = Executors.newVirtualThreadPerTaskExecutor();
                var driver = Driver.start(transport, Options.none())) {
            var dialed = threads.submit(() -> driver.connect(listener.address(), Options.none()));
            var request = listener.accept(Duration.ofSeconds(10)).orElseThrow();
            try (var serving = Driver.start(request.transport(), Options.none());
                    var owner = serving.accept(request, Options.none()).blocking();
                    var writer = dialed.get().blocking()) {
                MemoryRegion target = request.transport().allocate(4096, Options.none());
                MemorySegment ticket = MemorySegment.ofArray(new byte[RemoteRegion.ENCODED_BYTES]);
                owner.grant(target, 0, 4096, Set.of(Right.WRITE)).encode(ticket, 0);
                owner.offer(ticket);

                MemoryRegion source = transport.allocate(4096, Options.none());
                source.segment().setString(0, args[1]);
                RemoteRegion there = writer.importRegion(writer.receive().orElseThrow());
                writer.writeWithImmediate(source, 0, there, 0, 4096, /* tells the owner: */ 42);
                System.out.println(owner.nextImmediate().orElseThrow() + ": " + target.segment().getString(0));
            }
        }
    }
}
