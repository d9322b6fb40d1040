package dev.sluice.shm.data;

import dev.sluice.internal.linux.EventFd;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.shm.memory.ConnectionMemory;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * How the two pollers of a connection wake each other: each has a word that says that it sleeps, and an event counter that
 * the other one rings when that word is set. The poller's own thread.
 *
 * <p>No wake-up is lost: whoever goes to sleep sets the word and then looks once more for something to do; whoever gives it
 * something to do publishes that and then looks at the word; both with a full fence between the two steps. So at least
 * one of them sees what the other did.
 */
final class Doorbell {

    private final MemorySegment all;
    private final long mySleep;
    private final long theirSleep;
    private final int mine;
    private final int theirs;
    private long rung;

    Doorbell(ConnectionMemory memory, int mine, int theirs) {
        this(memory.all(), memory.mine() + ConnectionMemory.SLEEPS, memory.theirs() + ConnectionMemory.SLEEPS, mine,
                theirs);
    }

    Doorbell(MemorySegment all, long mySleep, long theirSleep, int mine, int theirs) {
        this.all = all;
        this.mySleep = mySleep;
        this.theirSleep = theirSleep;
        this.mine = mine;
        this.theirs = theirs;
    }

    /** What the sleeping poller waits for. */
    int descriptor() {
        return mine;
    }

    /** How often the peer was rung: each is a system call. */
    long rung() {
        return rung;
    }

    /** Something for the peer to do was published: wakes it if it sleeps. */
    void wakePeer() {
        VarHandle.fullFence();
        if ((long) ConnectionMemory.WORD.getOpaque(all, theirSleep) != 0) {
            ring();
        }
    }

    private void ring() {
        // Whoever clears the word rings; one ring is enough.
        if ((long) ConnectionMemory.WORD.getAndSet(all, theirSleep, 0L) != 0) {
            rung++;
            // It fails only when the counter is full, and then it is signalled.
            EventFd.signal(theirs);
        }
    }

    /** This side is about to sleep: it looks for something to do after this. */
    void beginSleep() {
        ConnectionMemory.WORD.setVolatile(all, mySleep, 1L);
        VarHandle.fullFence();
    }

    /** This side is awake. */
    void endSleep() {
        ConnectionMemory.WORD.setOpaque(all, mySleep, 0L);
    }

    /** Nobody rings any more. */
    void close() {
        NativeContext ctx = new NativeContext();
        FileDescriptors.close(ctx, mine);
        FileDescriptors.close(ctx, theirs);
    }
}
