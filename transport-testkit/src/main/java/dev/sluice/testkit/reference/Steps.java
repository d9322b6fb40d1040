package dev.sluice.testkit.reference;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.Right;
import dev.sluice.Status;
import dev.sluice.spi.ring.RingConsumer;
import dev.sluice.spi.ring.RingProducer;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/**
 * The steps of the reference provider at which it is easy to be wrong, each in its right form. A mutant is a subclass that
 * gets one of them wrong, to show that the conformance suite notices. One object serves a whole transport.
 */
class Steps {

    private static final VarHandle NATIVE_LONG = ValueLayout.JAVA_LONG.varHandle();

    /** What delivers to the user; called once for each poll. */
    CompletionHandler deliverTo(CompletionHandler handler) {
        return handler;
    }

    /** Whether a message is longer than a limit. */
    boolean isTooLarge(long length, int limitBytes) {
        return length > limitBytes;
    }

    /** Finds room for a message; an offset, or negative. */
    long claim(RingProducer ring, int length, int type) {
        return ring.claim(length, type);
    }

    /** An offer is about to be answered with back-pressure; its bytes stay the caller's. */
    void refuse(Output output, MemorySegment src, long offset, int length) {}

    /** An operation was accepted; whatever has to be told waits for the next poll. */
    void posted(MemEnd end) {}

    /** Makes a claimed message the receiver's. */
    void commit(RingProducer ring) {
        ring.commit();
    }

    /** Takes a claim back. */
    void abort(RingProducer ring) {
        ring.abort();
    }

    /** Makes a record part of what the next publication shows. */
    void commitMore(RingProducer ring) {
        ring.commitMore();
    }

    /** Shows the receiver what was committed. */
    void publish(RingProducer ring) {
        ring.publish();
    }

    /** A handler is about to see a record, whose space is the receiver's until it is consumed. */
    void show(RingConsumer ring) {}

    /** Whether a message or immediate is done with, after its handler returned this, or threw (null). */
    boolean consumes(Action action) {
        return action != Action.ABORT;
    }

    /** Goes on to the next record. */
    void advance(RingConsumer ring) {
        ring.advance();
    }

    /** Moves bytes of a write or read to where they belong. */
    void place(PendingOperation op, MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes) {
        MemorySegment.copy(from, fromOffset, to, toOffset, bytes);
    }

    /** Carries out an atomic; returns the old value. */
    long fetchAndAdd(MemorySegment memory, long offset, long delta) {
        return (long) NATIVE_LONG.getAndAdd(memory, offset, delta);
    }

    /** Carries out an atomic; returns the old value. */
    long compareAndSwap(MemorySegment memory, long offset, long expected, long update) {
        return (long) NATIVE_LONG.compareAndExchange(memory, offset, expected, update);
    }

    /** The result of a write or read that is done. */
    long result(PendingOperation op) {
        return op.lengthBytes;
    }

    /** Whether an operation waits, given that an earlier read, atomic or file operation is pending or not. */
    boolean waitsForFence(PendingOperation op, boolean fetchAhead) {
        return op.isFenced() && fetchAhead;
    }

    /** Whether a message or write waits, given that an earlier one is pending or not. */
    boolean waitsForOrder(boolean orderedAhead) {
        return orderedAhead;
    }

    /** Whether a read, atomic or file operation waits, given that an earlier write is pending or not. */
    boolean waitsForWrites(boolean writeAhead) {
        return writeAhead;
    }

    /** Whether local memory counts as in use while an operation has it. */
    boolean lends() {
        return true;
    }

    /** Whether the user hears of the end of an operation. */
    boolean reports(PendingOperation op) {
        return !op.isSilent() || op.status() != Status.OK;
    }

    /** Whether the end of the output may be announced now. */
    boolean endsNow(OperationTable operations) {
        return !operations.hasPending();
    }

    /** Whether a pending operation has passed its deadline. */
    boolean isOverdue(PendingOperation op, long nowNs) {
        return op.deadlineNs != 0 && op.deadlineNs - nowNs <= 0;
    }

    /** Whether the close of a connection returns only when local memory is quiescent and released. */
    boolean quiescesInClose() {
        return true;
    }

    /** Whether a wakeup counts also when nobody waits yet. */
    boolean remembersWakeup() {
        return true;
    }

    /** What the peer hears of a rejection. */
    String reason(String given) {
        return given;
    }

    /** The initiator's own check of a range of the peer's memory. */
    void requireInside(long offset, long length, long grantedBytes) {
        Objects.checkFromIndexSize(offset, length, grantedBytes);
    }

    /** The owner's search for what a peer presents: among the grants of that connection. */
    MemGrant find(MemEnd owner, MemRemoteRegion presented) {
        for (MemGrant grant : owner.grants().open()) {
            if (grant.key() == presented.presented().key()) {
                return grant;
            }
        }
        return null;
    }

    /** The owner's check of an access. */
    boolean permits(MemGrant grant, MemRemoteRegion presented, long offset, long length, Right right) {
        return grant.permits(presented, offset, length, right);
    }

    /** Whether the close of a grant ends what the peer may do. */
    boolean revokes() {
        return true;
    }

    /** Reads a part of a file; returns the bytes read, negative at the end of the file. */
    int readFile(FileChannel file, MemorySegment to, long position) throws IOException {
        return file.read(to.asByteBuffer(), position);
    }

    /** Ends the wait of a thread that sleeps in {@code await}; null when nobody does. */
    void wake(Thread sleeper) {
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
    }
}
