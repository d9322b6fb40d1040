package dev.sluice.testkit.reference;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.Right;
import dev.sluice.spi.EncodedGrant;
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

    /** Whether a message is done with, after its handler returned this or threw ({@link Action#CONTINUE}). */
    boolean consumes(Action action) {
        return action == Action.CONTINUE;
    }

    /** Goes on to the next record. */
    void advance(RingConsumer ring) {
        ring.advance();
    }

    /** Moves bytes of a write or read to where they belong. */
    void place(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes) {
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

    /** The initiator's own check of a range of the peer's memory. */
    void requireInside(long offset, long length, long grantedBytes) {
        Objects.checkFromIndexSize(offset, length, grantedBytes);
    }

    /** The owner's search for what a peer presents. */
    MemGrant find(MemGrant[] open, EncodedGrant presented) {
        for (MemGrant grant : open) {
            if (grant.key() == presented.key()) {
                return grant;
            }
        }
        return null;
    }

    /** The owner's check of an access. */
    boolean permits(MemGrant grant, EncodedGrant presented, long offset, long length, Right right) {
        return grant.permits(presented, offset, length, right);
    }

    /** Whether a revoked grant leaves the table. */
    boolean forgets(MemGrant grant) {
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
