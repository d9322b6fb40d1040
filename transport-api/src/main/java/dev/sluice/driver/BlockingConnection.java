package dev.sluice.driver;

import dev.sluice.Connection;
import dev.sluice.Grant;
import dev.sluice.Limits;
import dev.sluice.MemoryRegion;
import dev.sluice.RemoteRegion;
import dev.sluice.Results;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.SluiceFile;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A connection whose calls return when they are done. Made for virtual threads: a waiting call blocks nothing but its own
 * thread. Any thread, any number of them at a time.
 *
 * <p>Each call waits up to the deadline of this view: the connection's operation timeout, or what {@link #withTimeout} says.
 * A passed deadline ({@link WaitTimeoutException}) or an interrupt ends the wait, never the operation: the memory stays lent
 * until the connection's end at the latest. A message that comes together with the deadline or the interrupt is returned.
 *
 * <p>All calls throw {@link OperationException} (ended badly), {@link RefusedException} (nothing happened),
 * {@link DisconnectedException} or {@link WaitTimeoutException}, all of them {@link SluiceException}s. A slow receiver makes
 * calls wait: when {@link DriverOptions#PENDING_OPERATIONS} are pending, the next one waits before it is taken, and is refused
 * with {@link Results#BACK_PRESSURED} when the deadline passes first.
 */
public final class BlockingConnection implements AutoCloseable {

    private final AsyncConnection async;
    private final AsyncConnection here;
    private final Channel channel;
    private final Duration timeout;
    private final long timeoutNs;

    /**
     * A view.
     *
     * @param async what the user calls for futures
     * @param here the same connection, its futures completed by the polling thread itself and never shown to anybody,
     *        each call with a permit taken before
     */
    BlockingConnection(AsyncConnection async, AsyncConnection here, Channel channel, Duration timeout) {
        this.async = async;
        this.here = here;
        this.channel = channel;
        this.timeout = timeout;
        timeoutNs = Waits.nanos(timeout);
    }

    /**
     * The same connection with another deadline.
     *
     * @param limit the longest a call waits; zero is without end
     * @return a view; closing it closes the connection
     * @throws IllegalArgumentException when negative
     */
    public BlockingConnection withTimeout(Duration limit) {
        if (limit.isNegative()) {
            throw new IllegalArgumentException("a timeout cannot be negative: " + limit);
        }
        return new BlockingConnection(async, here, channel, limit);
    }

    /**
     * The same connection with futures.
     *
     * @return a view; closing either closes the connection
     */
    public AsyncConnection async() {
        return async;
    }

    /**
     * Sends a message with one copy (two from a confined arena).
     *
     * @param message any memory, heap too; free on return
     * @throws SluiceException when it was refused or the wait took too long
     * @throws InterruptedException when interrupted; the message may be sent all the same
     */
    public void offer(MemorySegment message) throws SluiceException, InterruptedException {
        operate("offer", () -> here.offer(message));
    }

    /**
     * Sends a message without a copy.
     *
     * @param src the source; free on return
     * @param offset first byte
     * @param length bytes, 0 to {@link Limits#maxMessageBytes()}
     * @throws SluiceException when it ended badly, was refused, or the wait took too long
     * @throws InterruptedException when interrupted; the operation goes on
     */
    public void send(MemoryRegion src, long offset, int length) throws SluiceException, InterruptedException {
        operate("send", () -> here.send(src, offset, length));
    }

    /**
     * Writes into the peer's memory; the bytes are in place there on return.
     *
     * @param src the source
     * @param srcOffset first byte
     * @param dst where to
     * @param dstOffset first byte
     * @param length bytes, any length
     * @throws SluiceException when it ended badly, was refused, or the wait took too long
     * @throws InterruptedException when interrupted; the operation goes on
     */
    public void write(MemoryRegion src, long srcOffset, RemoteRegion dst, long dstOffset, long length)
            throws SluiceException, InterruptedException {
        operate("write", () -> here.write(src, srcOffset, dst, dstOffset, length));
    }

    /**
     * Writes, and then tells the peer, whose {@link #nextImmediate()} brings the value.
     *
     * @param src the source; may be null when {@code length} is 0
     * @param srcOffset first byte
     * @param dst where to; may be null when {@code length} is 0
     * @param dstOffset first byte
     * @param length bytes; 0 is a pure signal
     * @param immediate 32 bits for the peer
     * @throws SluiceException when it ended badly, was refused, or the wait took too long
     * @throws InterruptedException when interrupted; the operation goes on
     */
    public void writeWithImmediate(MemoryRegion src, long srcOffset, RemoteRegion dst, long dstOffset, long length,
            int immediate) throws SluiceException, InterruptedException {
        operate("writeWithImmediate",
                () -> here.writeWithImmediate(src, srcOffset, dst, dstOffset, length, immediate));
    }

    /**
     * Reads the peer's memory; the bytes are here on return.
     *
     * @param dst where to
     * @param dstOffset first byte
     * @param src what
     * @param srcOffset first byte
     * @param length bytes, any length
     * @throws SluiceException when it ended badly, was refused, or the wait took too long
     * @throws InterruptedException when interrupted; the operation goes on
     */
    public void read(MemoryRegion dst, long dstOffset, RemoteRegion src, long srcOffset, long length)
            throws SluiceException, InterruptedException {
        operate("read", () -> here.read(dst, dstOffset, src, srcOffset, length));
    }

    /**
     * Adds to 8 bytes of the peer's memory.
     *
     * @param target where
     * @param offset a multiple of 8
     * @param delta what to add; wraps
     * @return the old value
     * @throws SluiceException when it ended badly, was refused, or the wait took too long
     * @throws InterruptedException when interrupted; the operation goes on
     */
    public long fetchAndAdd(RemoteRegion target, long offset, long delta)
            throws SluiceException, InterruptedException {
        return operate("fetchAndAdd", () -> here.fetchAndAdd(target, offset, delta));
    }

    /**
     * Replaces 8 bytes of the peer's memory when they hold what is expected.
     *
     * @param target where
     * @param offset a multiple of 8
     * @param expected what must be there
     * @param update what to put there
     * @return the old value; the swap was made when it is {@code expected}
     * @throws SluiceException when it ended badly, was refused, or the wait took too long
     * @throws InterruptedException when interrupted; the operation goes on
     */
    public long compareAndSwap(RemoteRegion target, long offset, long expected, long update)
            throws SluiceException, InterruptedException {
        return operate("compareAndSwap", () -> here.compareAndSwap(target, offset, expected, update));
    }

    /**
     * Writes a part of a file into the peer's memory; the bytes are in place there on return.
     *
     * @param file the source
     * @param position its first byte
     * @param length bytes, any length
     * @param dst where to
     * @param dstOffset first byte
     * @throws SluiceException when it ended badly, was refused, or the wait took too long
     * @throws InterruptedException when interrupted; the operation goes on
     */
    public void writeFromFile(SluiceFile file, long position, long length, RemoteRegion dst, long dstOffset)
            throws SluiceException, InterruptedException {
        operate("writeFromFile", () -> here.writeFromFile(file, position, length, dst, dstOffset));
    }

    /**
     * Reads the peer's memory into a file; the bytes are in the file on return.
     *
     * @param src what
     * @param srcOffset first byte
     * @param length bytes, any length
     * @param file where to
     * @param position its first byte
     * @throws SluiceException when it ended badly, was refused, or the wait took too long
     * @throws InterruptedException when interrupted; the operation goes on
     */
    public void readToFile(RemoteRegion src, long srcOffset, long length, SluiceFile file, long position)
            throws SluiceException, InterruptedException {
        operate("readToFile", () -> here.readToFile(src, srcOffset, length, file, position));
    }

    /**
     * Waits for the next message, copied once out of the transport's memory.
     *
     * @return a heap segment of its own, aligned for any value; empty when the peer has shut its output down
     * @throws SluiceException when the connection has ended or the wait took too long
     * @throws InterruptedException when interrupted; no message is lost by that
     */
    public Optional<MemorySegment> receive() throws SluiceException, InterruptedException {
        return await("receive", here.receive(), timeoutNs);
    }

    /**
     * Waits for the next value of a peer's {@code writeWithImmediate}; see {@link AsyncConnection#nextImmediate()}.
     *
     * @return the immediate; empty when the peer has shut its output down
     * @throws SluiceException when the connection has ended or the wait took too long
     * @throws InterruptedException when interrupted; no immediate is lost by that
     */
    public Optional<Immediate> nextImmediate() throws SluiceException, InterruptedException {
        return await("nextImmediate", here.nextImmediate(), timeoutNs);
    }

    /**
     * Ends the output after everything called before; the peer's {@code receive} then comes back empty. The input stays
     * open.
     *
     * @throws SluiceException when it was refused or the wait took too long
     * @throws InterruptedException when interrupted; the output ends all the same
     */
    public void shutdownOutput() throws SluiceException, InterruptedException {
        operate("shutdownOutput", here::shutdownOutput);
    }

    /**
     * Lets this peer touch a range of local memory.
     *
     * @param region the memory, in use until the grant or the connection is closed
     * @param offset first byte
     * @param length bytes, at least 1
     * @param rights what the peer may do
     * @return the grant; any thread may close it
     * @throws SluiceException when a limit does not suffice, or the wait took too long
     * @throws InterruptedException when interrupted
     */
    public Grant grant(MemoryRegion region, long offset, long length, Set<Right> rights)
            throws SluiceException, InterruptedException {
        return await("grant", here.grant(region, offset, length, rights), timeoutNs);
    }

    /**
     * Takes what the peer encoded.
     *
     * @param encoded {@value RemoteRegion#ENCODED_BYTES} bytes of {@link Grant#encode}
     * @return the peer's memory, for the calls of this object; any thread may close it
     * @throws SluiceException when the bytes are not such a grant, or the wait took too long
     * @throws InterruptedException when interrupted
     */
    public RemoteRegion importRegion(MemorySegment encoded) throws SluiceException, InterruptedException {
        return await("importRegion", here.importRegion(encoded), timeoutNs);
    }

    /** Ends the connection at once; see {@link Connection#close()}. Waiting calls of other threads fail soon after. */
    @Override
    public void close() {
        async.close();
    }

    @Override
    public String toString() {
        return async.toString();
    }

    private long operate(String operation, Supplier<CompletableFuture<Long>> call)
            throws SluiceException, InterruptedException {
        long start = System.nanoTime();
        if (!channel.tryPermit(timeoutNs)) {
            throw new RefusedException(operation, Results.BACK_PRESSURED, channel.peer(), channel.noPermit());
        }
        boolean handedOver = false;
        CompletableFuture<Long> future;
        try {
            future = call.get();
            handedOver = true;
        } finally {
            if (!handedOver) {
                channel.releasePermit();
            }
        }
        return await(operation, future, Math.max(timeoutNs - (System.nanoTime() - start), 0));
    }

    private <T> T await(String operation, CompletableFuture<T> future, long waitNs)
            throws SluiceException, InterruptedException {
        // What a connection of this package answers is a DriverFuture.
        return Waits.await((DriverFuture<T>) future, waitNs,
                () -> new WaitTimeoutException(operation, timeout, channel.peer()));
    }
}
