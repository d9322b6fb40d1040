package dev.sluice.testkit.hostile;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Listener;
import dev.sluice.Options;
import dev.sluice.Status;
import dev.sluice.Transport;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;

/** Two well-behaved ends: one on the attacked queue, which echoes, one on a queue of its own, which counts the rounds. */
final class HonestPair implements CompletionHandler {
    private final MemorySegment ping = MemorySegment.ofArray(new long[8]);

    private final CompletionQueue queue;

    private final Connection atVictim;

    private final Connection far;

    private boolean connected;

    private boolean underway;

    private long rounds;

    HonestPair(Transport transport, CompletionQueue attacked, Listener listener, Heard heard) throws Exception {
        queue = transport.newQueue(Options.none());
        CompletableFuture<Connection> connecting = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                connecting.complete(transport.connect(listener.address(), queue, Options.none()));
            } catch (Exception e) {
                connecting.completeExceptionally(e);
            }
        });
        atVictim = Besieged.accept(listener, attacked);
        far = connecting.get();
        heard.honest(atVictim);
    }

    Connection atVictim() {
        return atVictim;
    }

    long rounds() {
        return rounds;
    }

    void step() {
        queue.poll(this, 16);
        if (connected && !underway) {
            underway = far.offer(ping, 0, 64) >= 0;
        }
    }

    @Override
    public Action onMessage(Connection c, MemorySegment base, long offset, int length) {
        underway = false;
        rounds++;
        return Action.CONTINUE;
    }

    @Override
    public void onCompletion(Connection c, long cookie, Status status, long result) {
        throw new AssertionError("nothing was posted that completes");
    }

    @Override
    public void onConnect(Connection c) {
        connected = true;
    }

    @Override
    public void onDisconnect(Connection c, DisconnectReason why) {
        throw new AssertionError("the honest connection ended: " + why + ", " + c.diagnostics().endedBecause());
    }
}
