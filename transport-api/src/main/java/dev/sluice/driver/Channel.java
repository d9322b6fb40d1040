package dev.sluice.driver;

import dev.sluice.Action;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Options;
import dev.sluice.Results;
import dev.sluice.Status;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What a driver knows of one connection. Methods are for the polling thread unless they say otherwise. */
final class Channel {

    /** What one message or immediate takes of the receive buffer besides its bytes. */
    static final int ITEM_BYTES = 64;

    private final Connection connection;
    private final int pendingOperations;
    private final Semaphore permits;
    private final DriverFuture<Channel> connected = new DriverFuture<>(Runnable::run);
    private final DriverFuture<DisconnectReason> closed;
    private final Inbox<MemorySegment> messages;
    private final Inbox<Immediate> immediates;
    private final ArrayDeque<Pending> backlog = new ArrayDeque<>();
    private final Outstanding outstanding = new Outstanding();
    // Two must be done with a channel before its driver forgets it: who made the connection, and the connection itself.
    private final AtomicInteger holders = new AtomicInteger(2);
    private boolean blocked = true;
    private DisconnectedException endedBecause;

    Channel(Connection connection, Options options, OffPoller executor, Runnable lookAround) {
        this.connection = connection;
        pendingOperations = options.get(DriverOptions.PENDING_OPERATIONS);
        permits = new Semaphore(pendingOperations);
        closed = new DriverFuture<>(executor);
        long bytes = options.get(DriverOptions.RECEIVE_BUFFER_BYTES);
        messages = new Inbox<>(bytes, message -> message.byteSize() + ITEM_BYTES, lookAround);
        immediates = new Inbox<>(bytes, immediate -> ITEM_BYTES, lookAround);
    }

    /** Any thread. */
    Connection connection() {
        return connection;
    }

    /** Any thread. */
    String peer() {
        return String.valueOf(connection.peer());
    }

    /** Any thread. */
    DriverFuture<Channel> connected() {
        return connected;
    }

    /** Any thread. */
    DriverFuture<DisconnectReason> closed() {
        return closed;
    }

    /** Any thread. */
    Inbox<MemorySegment> messages() {
        return messages;
    }

    /** Any thread. */
    Inbox<Immediate> immediates() {
        return immediates;
    }

    /** Any thread. True when the last one let go. */
    boolean letGo() {
        return holders.decrementAndGet() == 0;
    }

    /** Any thread. */
    boolean tryPermit() {
        return permits.tryAcquire();
    }

    /** Any thread. */
    boolean tryPermit(long timeoutNs) throws InterruptedException {
        return permits.tryAcquire(timeoutNs, TimeUnit.NANOSECONDS);
    }

    /** Any thread. */
    void releasePermit() {
        permits.release();
    }

    /** Any thread: what to tell one who found no permit. */
    String noPermit() {
        return pendingOperations + " operations are pending, the limit of option '"
                + DriverOptions.PENDING_OPERATIONS.name() + "': wait for some of their futures";
    }

    void submit(Pending pending) {
        if (endedBecause != null) {
            pending.refuse(Results.CLOSED, endedBecause.getMessage());
            return;
        }
        backlog.add(pending);
        postBacklog();
    }

    void onConnect() {
        blocked = false;
        connected.succeed(this);
        postBacklog();
    }

    void onWritable() {
        blocked = false;
        postBacklog();
    }

    Action onMessage(MemorySegment base, long offset, int length) {
        if (!messages.hasRoom(length + (long) ITEM_BYTES)) {
            return Action.ABORT;
        }
        messages.put(Copies.received(base, offset, length));
        return Action.CONTINUE;
    }

    Action onImmediate(int immediate, long length) {
        if (!immediates.hasRoom(ITEM_BYTES)) {
            return Action.ABORT;
        }
        immediates.put(new Immediate(immediate, length));
        return Action.CONTINUE;
    }

    void onEnd() {
        messages.end();
        immediates.end();
    }

    void onCompletion(long cookie, Status status, long result) {
        String because = status == Status.OK ? "" : because();
        outstanding.remove(cookie).end(status, result, because);
    }

    /** The end, by whatever way; the transport touches no memory of this connection any more. Only the first counts. */
    synchronized void end(DisconnectReason reason, String because, Throwable cause) {
        if (endedBecause != null) {
            return;
        }
        endedBecause = new DisconnectedException(reason, peer(), because, cause);
        connected.fail(endedBecause);
        outstanding.removeAll(pending -> pending.end(Status.FLUSHED, 0, because));
        backlog.forEach(pending -> pending.refuse(Results.CLOSED, endedBecause.getMessage()));
        backlog.clear();
        messages.fail(endedBecause);
        immediates.fail(endedBecause);
        closed.succeed(reason);
    }

    private void postBacklog() {
        while (!blocked && !backlog.isEmpty()) {
            if (settled(backlog.peek())) {
                backlog.remove();
            } else {
                blocked = true;
            }
        }
    }

    /** Posts; false when it has to be posted again after onWritable. */
    private boolean settled(Pending pending) {
        long cookie = pending.completesLater() ? outstanding.add(pending) : 0;
        long result = Results.UNSUPPORTED;
        try {
            result = pending.post(connection, cookie);
        } catch (RuntimeException mistake) {
            forget(pending, cookie);
            pending.fail(mistake);
            return true;
        }
        if (result >= 0) {
            if (!pending.completesLater()) {
                pending.succeed(result);
            }
            return true;
        }
        forget(pending, cookie);
        if (result == Results.BACK_PRESSURED || result == Results.NOT_CONNECTED) {
            return false;
        }
        pending.refuse(result, remedy(result));
        return true;
    }

    private String remedy(long result) {
        if (result == Results.TOO_LARGE) {
            return "Split it, or use a one-sided operation; the limits are " + connection.limits();
        }
        return result == Results.UNSUPPORTED ? "Ask Capabilities.supports before" : because();
    }

    private String because() {
        return connection.diagnostics().endedBecause();
    }

    private void forget(Pending pending, long cookie) {
        if (pending.completesLater()) {
            outstanding.remove(cookie);
        }
    }
}
