package dev.sluice.driver;

import dev.sluice.Connection;
import dev.sluice.Diagnostics;
import dev.sluice.DisconnectReason;
import dev.sluice.Grant;
import dev.sluice.Limits;
import dev.sluice.MemoryRegion;
import dev.sluice.RemoteRegion;
import dev.sluice.Results;
import dev.sluice.Right;
import dev.sluice.SluiceFile;
import dev.sluice.Status;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A connection whose calls answer with futures. Any thread.
 *
 * <p>A future of an operation ends when the operation has: with the bytes moved, or the old value of an atomic; or
 * exceptionally, with {@link OperationException} (accepted, ended with another status than {@link Status#OK}),
 * {@link RefusedException} (never accepted, nothing happened), or the unchecked exception of the
 * {@linkplain Connection data plane} for a mistake of the caller. Until then the memory is lent, also when the future was
 * cancelled: cancelling ends the wait only.
 *
 * <p>Operations are posted in the order of the calls. One that meets back-pressure waits, and those behind it wait too. At
 * most {@link DriverOptions#PENDING_OPERATIONS} may be pending; a call beyond that is refused with
 * {@link Results#BACK_PRESSURED}.
 */
public final class AsyncConnection implements AutoCloseable {

    private final Channel channel;
    private final DriverLink link;
    private final Executor executor;
    /** False for the blocking level, which brings a permit with each call. */
    private final boolean takesPermits;

    AsyncConnection(Channel channel, DriverLink link, Executor executor, boolean takesPermits) {
        this.channel = channel;
        this.link = link;
        this.executor = executor;
        this.takesPermits = takesPermits;
    }

    /**
     * The same connection with blocking calls, whose deadline is the connection's operation timeout.
     *
     * @return a view; closing either closes the connection
     */
    public BlockingConnection blocking() {
        return new BlockingConnection(this, new AsyncConnection(channel, link, Runnable::run, false), channel,
                link.operationTimeout());
    }

    /**
     * A number that no other connection of this process has or had.
     *
     * @return the id
     */
    public long id() {
        return channel.connection().id();
    }

    /**
     * The other end.
     *
     * @return its address
     */
    public URI peer() {
        return channel.connection().peer();
    }

    /**
     * What both ends agreed on.
     *
     * @return the limits
     */
    public Limits limits() {
        return channel.connection().limits();
    }

    /**
     * Counters.
     *
     * @return a live view
     */
    public Diagnostics diagnostics() {
        return channel.connection().diagnostics();
    }

    /**
     * Sends a message with one copy, which is made when its turn comes: the source stays as it is until the future ends.
     * Memory of a confined arena is copied once more, during this call, and is free on return.
     *
     * @param message any memory, heap too
     * @return the length in bytes, when the source is free
     */
    public CompletableFuture<Long> offer(MemorySegment message) {
        MemorySegment source = Copies.sendable(message, link.poller());
        int length = Math.toIntExact(source.byteSize());
        return submit("offer", false, (c, cookie) -> {
            long result = c.offer(source, 0, length);
            return result < 0 ? result : length;
        });
    }

    /**
     * Sends a message without a copy.
     *
     * @param src the source, lent until the future ends
     * @param offset first byte
     * @param length bytes, 0 to {@link Limits#maxMessageBytes()}
     * @return the length in bytes
     */
    public CompletableFuture<Long> send(MemoryRegion src, long offset, int length) {
        return submit("send", true, (c, cookie) -> c.send(src, offset, length, cookie, Connection.MORE));
    }

    /**
     * Writes into the peer's memory.
     *
     * @param src the source, lent until the future ends
     * @param srcOffset first byte
     * @param dst where to
     * @param dstOffset first byte
     * @param length bytes, any length
     * @return the bytes written, when they are in place there
     */
    public CompletableFuture<Long> write(MemoryRegion src, long srcOffset, RemoteRegion dst, long dstOffset,
            long length) {
        RemoteRegion to = HandedRemote.unwrap(dst);
        return submit("write", true,
                (c, cookie) -> c.write(src, srcOffset, to, dstOffset, length, cookie, Connection.MORE));
    }

    /**
     * Writes, and then tells the peer, whose {@link #nextImmediate()} brings the value.
     *
     * @param src the source, lent until the future ends; may be null when {@code length} is 0
     * @param srcOffset first byte
     * @param dst where to; may be null when {@code length} is 0
     * @param dstOffset first byte
     * @param length bytes; 0 is a pure signal
     * @param immediate 32 bits for the peer
     * @return the bytes written, when they are in place there
     */
    public CompletableFuture<Long> writeWithImmediate(MemoryRegion src, long srcOffset, RemoteRegion dst,
            long dstOffset, long length, int immediate) {
        RemoteRegion to = HandedRemote.unwrap(dst);
        return submit("writeWithImmediate", true, (c, cookie) -> c.writeWithImmediate(src, srcOffset, to, dstOffset,
                length, immediate, cookie, Connection.MORE));
    }

    /**
     * Reads the peer's memory.
     *
     * @param dst where to, lent until the future ends
     * @param dstOffset first byte
     * @param src what
     * @param srcOffset first byte
     * @param length bytes, any length
     * @return the bytes read
     */
    public CompletableFuture<Long> read(MemoryRegion dst, long dstOffset, RemoteRegion src, long srcOffset,
            long length) {
        RemoteRegion from = HandedRemote.unwrap(src);
        return submit("read", true,
                (c, cookie) -> c.read(dst, dstOffset, from, srcOffset, length, cookie, Connection.MORE));
    }

    /**
     * Adds to 8 bytes of the peer's memory.
     *
     * @param target where
     * @param offset a multiple of 8
     * @param delta what to add; wraps
     * @return the old value
     */
    public CompletableFuture<Long> fetchAndAdd(RemoteRegion target, long offset, long delta) {
        RemoteRegion at = HandedRemote.unwrap(target);
        return submit("fetchAndAdd", true, (c, cookie) -> c.fetchAndAdd(at, offset, delta, cookie, Connection.MORE));
    }

    /**
     * Replaces 8 bytes of the peer's memory when they hold what is expected.
     *
     * @param target where
     * @param offset a multiple of 8
     * @param expected what must be there
     * @param update what to put there
     * @return the old value; the swap was made when it is {@code expected}
     */
    public CompletableFuture<Long> compareAndSwap(RemoteRegion target, long offset, long expected, long update) {
        RemoteRegion at = HandedRemote.unwrap(target);
        return submit("compareAndSwap", true,
                (c, cookie) -> c.compareAndSwap(at, offset, expected, update, cookie, Connection.MORE));
    }

    /**
     * Writes a part of a file into the peer's memory.
     *
     * @param file the source, lent until the future ends
     * @param position its first byte
     * @param length bytes, any length
     * @param dst where to
     * @param dstOffset first byte
     * @return the bytes written, when they are in place there
     */
    public CompletableFuture<Long> writeFromFile(SluiceFile file, long position, long length, RemoteRegion dst,
            long dstOffset) {
        RemoteRegion to = HandedRemote.unwrap(dst);
        return submit("writeFromFile", true,
                (c, cookie) -> c.writeFromFile(file, position, length, to, dstOffset, cookie, 0));
    }

    /**
     * Reads the peer's memory into a file.
     *
     * @param src what
     * @param srcOffset first byte
     * @param length bytes, any length
     * @param file where to, lent until the future ends
     * @param position its first byte
     * @return the bytes read
     */
    public CompletableFuture<Long> readToFile(RemoteRegion src, long srcOffset, long length, SluiceFile file,
            long position) {
        RemoteRegion from = HandedRemote.unwrap(src);
        return submit("readToFile", true,
                (c, cookie) -> c.readToFile(from, srcOffset, length, file, position, cookie, 0));
    }

    /**
     * The next message, copied once out of the transport's memory. Messages go to calls in the order of the calls. While
     * immediates wait for {@link #nextImmediate()} beyond the receive buffer, messages behind them wait, too.
     *
     * @return a heap segment of its own, aligned for any value; empty when the peer has shut its output down; fails with
     *         {@link DisconnectedException} when the connection has ended
     */
    public CompletableFuture<Optional<MemorySegment>> receive() {
        return channel.messages().take(executor);
    }

    /**
     * The next value of a peer's {@code writeWithImmediate}. Messages and immediates are two streams here; each keeps its
     * order. While messages wait for {@link #receive()} beyond the receive buffer, immediates wait behind them; while more
     * immediates wait than the receive buffer has room for, the sender is held back, as by messages.
     *
     * @return the immediate; empty when the peer has shut its output down; fails with {@link DisconnectedException} when
     *         the connection has ended
     */
    public CompletableFuture<Optional<Immediate>> nextImmediate() {
        return channel.immediates().take(executor);
    }

    /**
     * Ends the output after everything called before; the peer's {@code receive} then comes back empty. The input stays
     * open.
     *
     * @return ends when the transport has taken it
     */
    public CompletableFuture<Long> shutdownOutput() {
        return submit("shutdownOutput", false, (c, cookie) -> c.shutdownOutput());
    }

    /**
     * Lets this peer touch a range of local memory.
     *
     * @param region the memory, in use until the grant or the connection is closed
     * @param offset first byte
     * @param length bytes, at least 1
     * @param rights what the peer may do
     * @return the grant; any thread may close it, and waits until it is revoked
     */
    public CompletableFuture<Grant> grant(MemoryRegion region, long offset, long length, Set<Right> rights) {
        return call(() -> new HandedGrant(channel.connection().grant(region, offset, length, rights), link.mailbox()));
    }

    /**
     * Takes what the peer encoded.
     *
     * @param encoded {@value RemoteRegion#ENCODED_BYTES} bytes of {@link Grant#encode}; free on return
     * @return the peer's memory, for the calls of this object; any thread may close it
     */
    public CompletableFuture<RemoteRegion> importRegion(MemorySegment encoded) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[RemoteRegion.ENCODED_BYTES]);
        bytes.copyFrom(encoded.asSlice(0, RemoteRegion.ENCODED_BYTES));
        return call(() -> new HandedRemote(channel.connection().importRegion(bytes, 0), link.mailbox()));
    }

    /**
     * Tells when the connection has ended, and why.
     *
     * @return a future of the reason; never fails
     */
    public CompletableFuture<DisconnectReason> closed() {
        return channel.closed().copy();
    }

    /**
     * Ends the connection at once; see {@link Connection#close()}. Every future that is not done fails soon after.
     */
    @Override
    public void close() {
        channel.connection().close();
    }

    @Override
    public String toString() {
        return "connection " + id() + " with " + channel.peer();
    }

    private <T> DriverFuture<T> call(Call.Body<T> body) {
        DriverFuture<T> future = new DriverFuture<>(executor);
        link.mailbox().handOver(new Call<>(body, future));
        return future;
    }

    private DriverFuture<Long> submit(String operation, boolean completesLater, Pending.Post post) {
        DriverFuture<Long> future = new DriverFuture<>(executor);
        if (takesPermits && !channel.tryPermit()) {
            future.failUnshared(
                    new RefusedException(operation, Results.BACK_PRESSURED, channel.peer(), channel.noPermit()));
        } else {
            link.mailbox().handOver(new Pending(channel, operation, completesLater, post, future));
        }
        return future;
    }
}
