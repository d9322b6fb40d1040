package dev.sluice.tcp.conn;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.internal.control.ConnectionFactory;
import dev.sluice.internal.frames.Lifeline;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.tcp.data.Link;

import java.lang.reflect.Proxy;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps the links that the control plane makes, and counts what is reserved. */
final class StubFactory implements ConnectionFactory<Link> {
    final BlockingQueue<Link> links = new LinkedBlockingQueue<>();

    final AtomicInteger reserved = new AtomicInteger();

    volatile SluiceException refuseToReserve;

    volatile SluiceException refuseToMake;

    @Override
    public Reservation<Link> reserve(CompletionQueue queue, Options options) throws SluiceException {
        if (refuseToReserve != null) {
            throw refuseToReserve;
        }
        reserved.incrementAndGet();
        return new Reservation<>() {
            @Override
            public Connection make(Link link) throws SluiceException {
                if (refuseToMake != null) {
                    throw refuseToMake;
                }
                links.add(link);
                return (Connection) Proxy.newProxyInstance(StubFactory.class.getClassLoader(),
                        new Class<?>[]{Connection.class}, (proxy, method, arguments) -> null);
            }

            @Override
            public void release() {
                reserved.decrementAndGet();
            }
        };
    }

    /** The next link, with a lifeline that tells the observer. */
    BoundLink next(PeerObserver observer) throws InterruptedException {
        Link link = links.poll(TestTime.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        if (link == null) {
            throw new AssertionError("no connection was made");
        }
        observer.ownConsumed.set(link.agreement().peerPosition());
        return new BoundLink(link, link.lifeline().bind(observer), observer);
    }

    BoundLink next() throws InterruptedException {
        return next(new PeerObserver());
    }

    /** A link as a connection would hold it. */
    record BoundLink(Link link, Lifeline lifeline, PeerObserver observer) implements AutoCloseable {
        @Override
        public void close() {
            lifeline.close();
            FileDescriptors.close(new NativeContext(), link.fd());
        }
    }
}
