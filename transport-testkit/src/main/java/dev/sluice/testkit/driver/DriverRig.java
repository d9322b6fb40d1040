package dev.sluice.testkit.driver;

import dev.sluice.Listener;
import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.Right;
import dev.sluice.Sluice;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.driver.AsyncConnection;
import dev.sluice.driver.BlockingConnection;
import dev.sluice.driver.Driver;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.peer.Tuning;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Two transports of one process, a driver on each, and a listener of the far one. */
final class DriverRig implements AutoCloseable {

    /** How long a test waits for what must happen. */
    static final Duration LIMIT = Tuning.seconds(20);

    static final Set<Right> ALL_RIGHTS = Set.of(Right.READ, Right.WRITE, Right.ATOMIC);

    private final Transport nearTransport;
    private final Transport farTransport;
    private final Driver near;
    private final Driver far;
    private final Listener listener;

    DriverRig(Subject subject, Options driverOptions) throws SluiceException {
        Options options = subject.settings().options(subject.open().getScheme());
        nearTransport = Sluice.open(subject.open(), options);
        farTransport = Sluice.open(subject.open(), options);
        near = Driver.start(nearTransport, driverOptions);
        far = Driver.start(farTransport, driverOptions);
        listener = farTransport.listen(subject.listen(), Options.none());
    }

    Driver near() {
        return near;
    }

    Driver far() {
        return far;
    }

    Listener listener() {
        return listener;
    }

    Pair connect() throws Exception {
        return connect(near);
    }

    /** Connects a driver of the near transport with the far one. */
    Pair connect(Driver from) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<AsyncConnection> accepted = threads
                    .submit(() -> far.accept(listener, LIMIT, Options.none()).orElseThrow());
            AsyncConnection connected = from.connect(listener.address(), Options.none());
            return new Pair(connected, within(accepted));
        }
    }

    MemoryRegion nearRegion(long bytes) throws SluiceException {
        return nearTransport.allocate(bytes, Options.none());
    }

    MemoryRegion farRegion(long bytes) throws SluiceException {
        return farTransport.allocate(bytes, Options.none());
    }

    /** What must come in time. */
    static <T> T within(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** What must fail in time, and what with. */
    static Throwable failure(CompletableFuture<?> future) throws Exception {
        return within(future.handle((value, failure) -> {
            if (failure == null) {
                throw new AssertionError("did not fail but gave " + value);
            }
            return failure;
        }));
    }

    static MemorySegment text(String text) {
        return MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(MemorySegment message) {
        return new String(message.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        near.close();
        far.close();
        nearTransport.close();
        farTransport.close();
    }

    /** Both ends of a connection. */
    static final class Pair {

        private final AsyncConnection near;
        private final AsyncConnection far;

        Pair(AsyncConnection near, AsyncConnection far) {
            this.near = near;
            this.far = far;
        }

        AsyncConnection near() {
            return near;
        }

        AsyncConnection far() {
            return far;
        }

        BlockingConnection blockingNear() {
            return near.blocking().withTimeout(LIMIT);
        }

        BlockingConnection blockingFar() {
            return far.blocking().withTimeout(LIMIT);
        }
    }
}
