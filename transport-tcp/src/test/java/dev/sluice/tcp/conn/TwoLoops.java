package dev.sluice.tcp.conn;

import dev.sluice.Connection;
import dev.sluice.ConnectionRequest;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.internal.control.ControlLoop;
import dev.sluice.spi.SluiceUri;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Two transports' control planes in one process: near connects, far listens. */
final class TwoLoops implements AutoCloseable {
    final ControlLoop near;

    final ControlLoop far;

    final StubFactory nearFactory = new StubFactory();

    final StubFactory farFactory = new StubFactory();

    TwoLoops() throws SluiceException {
        this(System::nanoTime);
    }

    TwoLoops(LongSupplier nearClock) throws SluiceException {
        near = ControlLoop.start("near-control", nearClock);
        far = ControlLoop.start("far-control");
    }

    TcpListener listen(String uri, Options options) throws SluiceException {
        return TcpListener.open(far, SluiceUri.parse(URI.create(uri)), options, farFactory, closed -> {});
    }

    TcpListener listen(Options options) throws SluiceException {
        return listen("tcp://127.0.0.1:0", options);
    }

    Connection connect(URI peer, Options options) throws SluiceException {
        return new Dialer(near, nearFactory).connect(SluiceUri.parse(peer), null, options);
    }

    /** On a virtual thread of its own. */
    CompletableFuture<Connection> connecting(URI peer, Options options) {
        CompletableFuture<Connection> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(connect(peer, options));
            } catch (SluiceException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    static ConnectionRequest request(TcpListener listener) throws Exception {
        return listener.accept(TestTime.LIMIT).orElseThrow(() -> new AssertionError("nobody asks"));
    }

    /** Connects and accepts; the two ends are then in the factories. */
    void join(TcpListener listener, Options nearOptions, Options farOptions) throws Exception {
        CompletableFuture<Connection> connecting = connecting(listener.address(), nearOptions);
        request(listener).accept(null, farOptions);
        connecting.get(TestTime.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The error that a connect ends with. */
    static SluiceException failure(CompletableFuture<Connection> connecting) throws Exception {
        try {
            connecting.get(TestTime.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SluiceException failure) {
                return failure;
            }
            throw e;
        }
        throw new AssertionError("connected");
    }

    @Override
    public void close() {
        near.close();
        far.close();
    }
}
