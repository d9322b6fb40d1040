package dev.sluice.testkit.reference;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.ConnectionRequest;
import dev.sluice.Options;
import dev.sluice.SluiceException;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** A wish for a connection on its way from the thread that connects to the one that accepts; answered once. */
final class MemRequest implements ConnectionRequest {

    private static final int ETIMEDOUT = 110;
    private static final int ECONNREFUSED = 111;
    private static final int MAX_REASON_BYTES = 200;

    /** Whose turn it is. */
    private enum State {
        OPEN, ANSWERED, GIVEN_UP
    }

    private final MemTransport connector;
    private final MemQueue connectorQueue;
    private final ConnectionOptions wanted;
    private final URI connectorAddress;
    private final CompletableFuture<MemEnd> answer = new CompletableFuture<>();
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    private MemListener listener;
    private long endNs;

    MemRequest(MemTransport connector, MemQueue connectorQueue, ConnectionOptions wanted, URI connectorAddress) {
        this.connector = connector;
        this.connectorQueue = connectorQueue;
        this.wanted = wanted;
        this.connectorAddress = connectorAddress;
    }

    /** Starts the time in which the listener has to answer. */
    void arrive(MemListener at, long listenerTimeoutNs) {
        listener = at;
        endNs = System.nanoTime() + Math.min(listenerTimeoutNs, wanted.connectTimeoutNs());
    }

    boolean isAnswered() {
        return state.get() != State.OPEN;
    }

    /** Waits, on the thread that connects. */
    MemEnd awaitAnswer(URI peer) throws SluiceException {
        try {
            return answer.get(endNs - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw (SluiceException) e.getCause();
        } catch (TimeoutException e) {
            return giveUp(peer, "was not answered within connectTimeout");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return giveUp(peer, "was interrupted");
        }
    }

    private MemEnd giveUp(URI peer, String why) throws SluiceException {
        if (state.compareAndSet(State.OPEN, State.GIVEN_UP)) {
            throw new SluiceException("the request to connect " + why, ETIMEDOUT, peer.toString(),
                    "Let the peer accept sooner, or raise connectTimeout on both ends");
        }
        // The answer is being made at this moment.
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw (SluiceException) e.getCause();
        }
    }

    @Override
    public URI peer() {
        return connectorAddress;
    }

    @Override
    public MemorySegment metadata() {
        return MemorySegment.ofArray(wanted.metadata()).asReadOnly();
    }

    @Override
    public Connection accept(CompletionQueue queue, Options options) throws SluiceException {
        MemTransport acceptor = listener.transport();
        MemQueue mine = acceptor.require(queue);
        acceptor.options(options);
        ConnectionOptions offered = new ConnectionOptions(listener.options().with(options));
        takeAnswer();
        try {
            return join(acceptor, mine, offered);
        } catch (SluiceException e) {
            answer.completeExceptionally(new SluiceException("the peer could not accept: " + e.getMessage(), 0,
                    listener.address().toString(), ""));
            throw e;
        }
    }

    private Connection join(MemTransport acceptor, MemQueue queue, ConnectionOptions offered) throws SluiceException {
        ConnectionOptions near = offered.agreedWith(wanted);
        ConnectionOptions far = wanted.agreedWith(offered);
        queue.reserve(near.entries());
        try {
            connectorQueue.reserve(far.entries());
        } catch (SluiceException e) {
            queue.unreserve(near.entries());
            throw e;
        }
        Link link = new Link(near.bufferBytes(), far.initialPosition(), near.initialPosition());
        MemEnd acceptorEnd = acceptor.newEnd(queue, link, false, near, connectorAddress);
        MemEnd connectorEnd = connector.newEnd(connectorQueue, link, true, far, listener.address());
        link.join(connectorEnd, acceptorEnd);
        connectorQueue.add(connectorEnd);
        queue.add(acceptorEnd);
        answer.complete(connectorEnd);
        return acceptorEnd.user();
    }

    @Override
    public void reject(int code, String reason) {
        if (!state.compareAndSet(State.OPEN, State.ANSWERED) && state.get() == State.ANSWERED) {
            throw new IllegalStateException("this request is answered already");
        }
        refuse(code, listener.transport().steps().reason(shortened(reason)));
    }

    /** The listener is closed: who was not answered yet never will be. */
    void withdraw() {
        if (state.compareAndSet(State.OPEN, State.GIVEN_UP)) {
            refuse(ECONNREFUSED, "the listener was closed");
        }
    }

    private void refuse(int code, String reason) {
        answer.completeExceptionally(
                new SluiceException("the peer rejected the connection: " + reason, code, listener.address().toString(),
                        ""));
    }

    private void takeAnswer() throws SluiceException {
        if (endNs - System.nanoTime() <= 0) {
            state.compareAndSet(State.OPEN, State.GIVEN_UP);
        }
        if (state.compareAndSet(State.OPEN, State.ANSWERED)) {
            return;
        }
        if (state.get() == State.ANSWERED) {
            throw new IllegalStateException("this request is answered already");
        }
        throw new SluiceException(
                "the peer waits no longer: the request was not answered in time, or the listener was closed", ETIMEDOUT,
                connectorAddress.toString(), "Accept sooner, or raise connectTimeout");
    }

    private static String shortened(String reason) {
        byte[] bytes = reason.getBytes(StandardCharsets.UTF_8);
        int end = Math.min(bytes.length, MAX_REASON_BYTES);
        // Never in the middle of a character: continuation bytes begin with the bits 10.
        while (end < bytes.length && end > 0 && (bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(Arrays.copyOf(bytes, end), StandardCharsets.UTF_8);
    }
}
