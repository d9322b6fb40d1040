package dev.sluice.rdma.conn;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.Status;
import dev.sluice.rdma.RdmaOptions;
import dev.sluice.spi.SluiceUri;

import java.lang.foreign.MemorySegment;
import java.net.URI;

/**
 * Opens a transport with the options of an address, dials, and polls until the connection has ended; says what became of it. The
 * second argument is what its handler answers to messages. Runs on the stub's device.
 */
final class OneEndMain implements CompletionHandler {
    private static final URI PEER = URI.create("rdma://192.0.2.1:7471");

    private final Action answer;
    private DisconnectReason reason;

    private OneEndMain(Action answer) {
        this.answer = answer;
    }

    public static void main(String[] args) throws Exception {
        Options options = SluiceUri.parse(URI.create(args[0])).options(RdmaOptions.all(), Options.none());
        try (RdmaTransport transport = new RdmaTransport(RdmaOptions.all(), options)) {
            CompletionQueue queue = transport.newQueue(Options.none());
            try {
                transport.connect(PEER, queue, Options.none());
                System.out.println("ended: " + new OneEndMain(Action.valueOf(args[1])).pollUntilTheEnd(queue));
            } catch (SluiceException e) {
                System.out.println("failed: " + e.getMessage());
            }
        }
    }

    private DisconnectReason pollUntilTheEnd(CompletionQueue queue) {
        while (reason == null) {
            if (queue.poll(this, Integer.MAX_VALUE) == 0) {
                Thread.yield();
            }
        }
        return reason;
    }

    @Override
    public Action onMessage(Connection connection, MemorySegment base, long offset, int length) {
        return answer;
    }

    @Override
    public void onCompletion(Connection connection, long cookie, Status status, long result) {
        throw new AssertionError("nothing was posted");
    }

    @Override
    public void onDisconnect(Connection connection, DisconnectReason why) {
        reason = why;
    }
}
