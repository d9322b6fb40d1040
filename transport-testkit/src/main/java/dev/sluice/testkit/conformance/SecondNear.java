package dev.sluice.testkit.conformance;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.Options;
import dev.sluice.RemoteRegion;
import dev.sluice.Sluice;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Recorder.Kind;
import dev.sluice.testkit.peer.Adds;
import dev.sluice.testkit.peer.Fields;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A second initiator: a transport, a queue and a thread of its own, connected to the same far queue. */
final class SecondNear implements AutoCloseable {

    private final Transport transport;
    private final CompletionQueue queue;
    private final Connection connection;
    private final byte[] grant;
    private final Recorder recorder = new Recorder();
    private final CompletableFuture<Adds> finished = new CompletableFuture<>();
    private Thread thread;

    SecondNear(Rig rig, Subject subject, String region, long bytes) throws IOException {
        transport = Sluice.open(subject.open(), subject.settings().options(rig.scheme()));
        queue = transport.newQueue(Options.none());
        connection = transport.connect(rig.farAddress(), queue, Options.none());
        String far = rig.far().call("accepted", "l", rig.farListener()).text("c");
        grant = HexFormat.of().parseHex(rig.far().call("grant", Fields.of("c", far, "r", region, "offset", 0, "length",
                bytes, "rights", "ATOMIC")).text("hex"));
    }

    /** From now on a thread polls this queue and adds. */
    void startAdding(long offset, long delta, long times) {
        thread = Thread.ofPlatform().daemon().name("second-near").start(() -> {
            try {
                finished.complete(add(offset, delta, times));
            } catch (SluiceException | RuntimeException | AssertionError e) {
                finished.completeExceptionally(e);
            }
        });
    }

    Adds finish() throws InterruptedException, ExecutionException, TimeoutException {
        return finished.get(Rig.LIMIT.multipliedBy(3).toMillis(), TimeUnit.MILLISECONDS);
    }

    private Adds add(long offset, long delta, long times) throws SluiceException {
        long deadline = System.nanoTime() + Rig.LIMIT.multipliedBy(3).toNanos();
        while (recorder.count(Kind.CONNECT, connection) == 0) {
            poll(deadline);
        }
        RemoteRegion remote = connection.importRegion(MemorySegment.ofArray(grant), 0);
        Adds adds = new Adds(connection, remote, offset, delta, times);
        recorder.add(adds);
        while (adds.completed() < times) {
            recorder.pump();
            poll(deadline);
        }
        return adds;
    }

    private void poll(long deadline) {
        if (queue.poll(recorder, 64) == 0) {
            queue.await(1_000_000);
        }
        if (System.nanoTime() - deadline > 0) {
            throw new AssertionError("the second initiator is not done in time: " + recorder.tail());
        }
    }

    @Override
    public void close() {
        try {
            if (thread != null) {
                thread.join(Rig.LIMIT.multipliedBy(4));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            transport.close();
        }
    }
}
