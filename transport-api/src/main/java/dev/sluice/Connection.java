package dev.sluice;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.util.Set;

/**
 * Messages, one-sided operations and file operations with one peer.
 *
 * <p>Posting calls never block, never run a handler, never allocate, and answer as {@link Results} says: {@code >= 0} is
 * accepted. What is accepted completes exactly once through {@link CompletionHandler#onCompletion}, with the caller's
 * cookie, when the transport can no longer touch the local memory. Any length is accepted once; a long operation proceeds in
 * the polls that follow.
 *
 * <p>Messages, immediates and writes apply in posting order. A read or atomic sees earlier writes; a later operation waits
 * for an earlier read, atomic or file operation only with {@link #FENCE}.
 *
 * <p>After {@link CompletionHandler#onConnect} the thread of the queue alone uses a connection; {@link #close()}, and the
 * getters that say so, are for any thread.
 */
public interface Connection extends AutoCloseable {

    /**
     * Flag: report only the failure of this operation; a success is silent, and its memory is the caller's again with the
     * next completion of a later operation of this connection.
     */
    int NO_COMPLETION = 1;

    /**
     * Flag: more follows at once; the doorbell or system call may wait for an operation without this flag, {@link #flush},
     * the next poll, or {@link Results#BACK_PRESSURED}.
     */
    int MORE = 2;

    /** Flag: start only when the earlier reads, atomics and file operations of this connection have completed. */
    int FENCE = 4;

    /**
     * A number that no other connection of this process has or had. Any thread.
     *
     * @return the id
     */
    long id();

    /**
     * Where it belongs. Any thread.
     *
     * @return the transport
     */
    Transport transport();

    /**
     * Where its events arrive. Any thread.
     *
     * @return the queue
     */
    CompletionQueue queue();

    /**
     * The other end. Any thread.
     *
     * @return its address
     */
    URI peer();

    /**
     * What both ends agreed on. Any thread.
     *
     * @return the limits
     */
    Limits limits();

    /**
     * Counters. Any thread.
     *
     * @return a live view
     */
    Diagnostics diagnostics();

    /**
     * What the user attached.
     *
     * @return the object, or null
     */
    Object attachment();

    /**
     * Attaches an object, to find it in handlers without a map.
     *
     * @param attachment the object, may be null
     */
    void attach(Object attachment);

    /**
     * Makes a claim object for {@link #tryClaim}. Allocates; call it once.
     *
     * @return a claim of this connection
     */
    BufferClaim newClaim();

    /**
     * Claims space for a message; no copy of payload up to {@link Limits#maxClaimBytes()}.
     *
     * @param length bytes, 0 or more
     * @param claim from {@link #newClaim()} of this connection
     * @return accepted (nothing is sent before {@link BufferClaim#commit()}), or as {@link Results} says
     * @throws IllegalArgumentException for a negative length or another connection's claim
     * @throws IllegalStateException when a claim is open
     */
    long tryClaim(int length, BufferClaim claim);

    /**
     * Sends a message with exactly one copy; the source is free on return. Any memory, heap too.
     *
     * @param src the source
     * @param offset first byte
     * @param length bytes, 0 to {@link Limits#maxMessageBytes()}
     * @return as {@link Results} says
     * @throws IndexOutOfBoundsException when the range is not inside the source
     * @throws IllegalStateException when a claim is open
     */
    long offer(MemorySegment src, long offset, int length);

    /**
     * Sends a message without a copy; the source is lent until its completion, {@code result} is the length.
     *
     * @param src the source
     * @param offset first byte
     * @param length bytes, 0 to {@link Limits#maxMessageBytes()}
     * @param cookie comes back with the completion
     * @param flags {@link #NO_COMPLETION}, {@link #MORE}, {@link #FENCE}; others throw
     * @return as {@link Results} says
     * @throws IndexOutOfBoundsException when the range is not inside the region
     * @throws IllegalStateException when the region is closed or a claim is open
     */
    long send(MemoryRegion src, long offset, int length, long cookie, int flags);

    /**
     * Sends the pieces as one message, without a copy.
     *
     * @param src up to {@link Limits#maxGatherSegments()} pieces; the list is free on return
     * @param cookie comes back with the completion
     * @param flags as for {@link #send(MemoryRegion, long, int, long, int)}
     * @return as {@link Results} says; {@link Results#TOO_LARGE} also for too many pieces
     * @throws IllegalStateException when a region is closed or a claim is open
     */
    long send(GatherList src, long cookie, int flags);

    /**
     * Writes into the peer's memory. {@link Status#OK} means that the bytes are placed there.
     *
     * @param src the source
     * @param srcOffset first byte
     * @param dst where to; granted with {@link Right#WRITE}
     * @param dstOffset first byte
     * @param length bytes, any length
     * @param cookie comes back with the completion
     * @param flags {@link #NO_COMPLETION}, {@link #MORE}, {@link #FENCE}; others throw
     * @return as {@link Results} says
     * @throws IndexOutOfBoundsException when a range is not inside its region
     * @throws IllegalArgumentException when the grant lacks the right, or a region belongs elsewhere
     * @throws IllegalStateException when a region is closed or a claim is open
     */
    long write(MemoryRegion src, long srcOffset, RemoteRegion dst, long dstOffset, long length, long cookie, int flags);

    /**
     * Writes the pieces, one after the other, into one range of the peer's memory.
     *
     * @param src up to {@link Limits#maxGatherSegments()} pieces; the list is free on return
     * @param dst where to
     * @param dstOffset first byte
     * @param cookie comes back with the completion
     * @param flags as for a plain write
     * @return as {@link Results} says; {@link Results#TOO_LARGE} for too many pieces
     */
    long write(GatherList src, RemoteRegion dst, long dstOffset, long cookie, int flags);

    /**
     * Writes, and then tells the peer's handler ({@link CompletionHandler#onImmediate}), in order with messages.
     *
     * @param src the source; may be null when {@code length} is 0
     * @param srcOffset first byte
     * @param dst where to; may be null when {@code length} is 0
     * @param dstOffset first byte
     * @param length bytes; 0 is a pure signal
     * @param immediate 32 bits for the peer, all the caller's
     * @param cookie comes back with the completion
     * @param flags as for a plain write
     * @return as {@link Results} says
     */
    long writeWithImmediate(MemoryRegion src, long srcOffset, RemoteRegion dst, long dstOffset, long length,
            int immediate, long cookie, int flags);

    /**
     * Reads the peer's memory.
     *
     * @param dst where to
     * @param dstOffset first byte
     * @param src what; granted with {@link Right#READ}
     * @param srcOffset first byte
     * @param length bytes, any length
     * @param cookie comes back with the completion
     * @param flags {@link #NO_COMPLETION}, {@link #MORE}, {@link #FENCE}; others throw
     * @return as {@link Results} says
     */
    long read(MemoryRegion dst, long dstOffset, RemoteRegion src, long srcOffset, long length, long cookie, int flags);

    /**
     * Adds to 8 bytes of the peer's memory, in its native order; the completion's {@code result} is the old value.
     *
     * @param target where; granted with {@link Right#ATOMIC}
     * @param offset a multiple of 8
     * @param delta what to add; wraps
     * @param cookie comes back with the completion
     * @param flags as for a read
     * @return as {@link Results} says
     * @throws IllegalArgumentException when misaligned
     */
    long fetchAndAdd(RemoteRegion target, long offset, long delta, long cookie, int flags);

    /**
     * Replaces 8 bytes of the peer's memory when they hold what is expected; {@code result} is the old value.
     *
     * @param target where; granted with {@link Right#ATOMIC}
     * @param offset a multiple of 8
     * @param expected what must be there
     * @param update what to put there
     * @param cookie comes back with the completion
     * @param flags as for a read
     * @return as {@link Results} says
     * @throws IllegalArgumentException when misaligned
     */
    long compareAndSwap(RemoteRegion target, long offset, long expected, long update, long cookie, int flags);

    /**
     * Writes a part of a file into the peer's memory. Proceeds in parts of at most 1 MiB that other operations may overtake.
     *
     * @param file the source
     * @param position its first byte
     * @param length bytes, any length
     * @param dst where to
     * @param dstOffset first byte
     * @param cookie comes back with the completion
     * @param flags {@link #NO_COMPLETION}, {@link #FENCE}
     * @return as {@link Results} says
     */
    long writeFromFile(SluiceFile file, long position, long length, RemoteRegion dst, long dstOffset, long cookie,
            int flags);

    /**
     * Reads the peer's memory into a file, growing it where needed.
     *
     * @param src what
     * @param srcOffset first byte
     * @param length bytes, any length
     * @param file where to; opened for writing
     * @param position its first byte
     * @param cookie comes back with the completion
     * @param flags {@link #NO_COMPLETION}, {@link #FENCE}
     * @return as {@link Results} says
     */
    long readToFile(RemoteRegion src, long srcOffset, long length, SluiceFile file, long position, long cookie,
            int flags);

    /**
     * Hands over now what {@link #MORE} held back.
     *
     * @return {@code >= 0}, or {@link Results#CLOSED}
     */
    long flush();

    /**
     * Ends the output in good order: everything accepted is delivered, then the peer gets
     * {@link CompletionHandler#onEnd}. Later posts of data answer {@link Results#CLOSED}; the input stays open. Idempotent.
     *
     * @return {@code >= 0}, or {@link Results#CLOSED} when the connection has ended
     */
    long shutdownOutput();

    /**
     * Lets this peer, on this connection, touch a range of local memory. Control plane: allocates, may throw.
     *
     * @param region the memory; stays in use until the grant or the connection is closed
     * @param offset first byte
     * @param length bytes, at least 1
     * @param rights what the peer may do, at least one
     * @return the grant
     * @throws SluiceException when a limit does not suffice, the region cannot be granted or the connection has ended; with
     *     the reason
     */
    Grant grant(MemoryRegion region, long offset, long length, Set<Right> rights) throws SluiceException;

    /**
     * Takes what the peer encoded with {@link Grant#encode} on its end of this connection. Control plane: may map memory.
     *
     * @param encoded the bytes
     * @param offset the first of {@value RemoteRegion#ENCODED_BYTES}
     * @return the peer's memory
     * @throws SluiceException when the bytes are not such a grant, or another version's
     */
    RemoteRegion importRegion(MemorySegment encoded, long offset) throws SluiceException;

    /**
     * Ends the connection at once; what was not delivered is lost. Idempotent, bounded, any thread, also inside a handler.
     * When it returns, the transport touches no local region any more and all are released; {@link Status#FLUSHED} for each
     * outstanding operation, then {@link CompletionHandler#onDisconnect}, come from later polls.
     */
    @Override
    void close();
}
