package dev.sluice.examples;

import dev.sluice.*;
import dev.sluice.auto.*;
import dev.sluice.driver.*;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;

/** {@code FileCopy tcp://127.0.0.1:0 from to}: writes a file into the peer, and reads it back into another. */
public final class FileCopy {
    public static void main(String... args) throws Exception {
        try (var listener = AutoListener.open(URI.create(args[0]), Options.none());
                var transport = Sluice.open(listener.address(), Options.none());
                var threads = Executors.newVirtualThreadPerTaskExecutor();
                var driver = Driver.start(transport, Options.none());
                var from = transport.openFile(Path.of(args[1]), FileMode.READ, Options.none());
                var to = transport.openFile(Path.of(args[2]), FileMode.CREATE, Options.none())) {
            var dialed = threads.submit(() -> driver.connect(listener.address(), Options.none()));
            var request = listener.accept(Duration.ofSeconds(10)).orElseThrow();
            try (var serving = Driver.start(request.transport(), Options.none());
                    var far = serving.accept(request, Options.none()).blocking();
                    var near = dialed.get().blocking()) {
                MemoryRegion memory = request.transport().allocate(1 << 20, Options.none());
                MemorySegment ticket = MemorySegment.ofArray(new byte[RemoteRegion.ENCODED_BYTES]);
                far.grant(memory, 0, 1 << 20, Set.of(Right.READ, Right.WRITE)).encode(ticket, 0);
                RemoteRegion there = near.importRegion(ticket); // in two processes it travels in a message
                for (long at = 0, length; (length = Math.min(1 << 20, from.sizeBytes() - at)) > 0; at += length) {
                    near.writeFromFile(from, at, length, there, 0);
                    near.readToFile(there, 0, length, to, at);
                }
            }
        }
    }
}
