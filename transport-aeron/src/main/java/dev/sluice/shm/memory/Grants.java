package dev.sluice.shm.memory;

import dev.sluice.Grant;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.internal.linux.AsymmetricFence;
import dev.sluice.spi.NativeRegion;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * What one end of a connection has granted to the other. Control plane; any thread.
 *
 * <p>A grant is open while its word in the connection's memory holds its key. The peer notes each access before it looks at
 * that word, and this end takes the key away before it looks at the note, with a fence between the two steps on both
 * sides, of which the one here fences both where the kernel can ({@link AsymmetricFence}), and time to settle: so either the
 * peer sees that the key is gone and stops, or this end sees the note and waits. It waits for a moment only: a peer that is
 * frozen in the middle has its pages taken away ({@link SharedRegion}).
 */
public final class Grants {

    private static final SecureRandom RANDOM = new SecureRandom();
    /** An access moves at most a quantum, or a megabyte of a file; a process that runs is through long before this. */
    private static final long PATIENCE_NS = 500_000_000L;
    private static final long PEER_IS_GONE = Long.MIN_VALUE;
    private static final long LOOK_AGAIN_NS = 20_000L;
    private static final int SPINS = 200;
    private static final long[] ACCESSES = {ConnectionMemory.POLLER_ACCESS, ConnectionMemory.WORKER_ACCESS};

    private final ConnectionMemory memory;
    private final long localId;
    private ShmGrant[] grants = new ShmGrant[8];
    private boolean over;

    /**
     * None yet.
     *
     * @param memory of the connection
     * @param localId this end's name for the connection
     */
    public Grants(ConnectionMemory memory, long localId) {
        this.memory = memory;
        this.localId = localId;
    }

    long localId() {
        return localId;
    }

    /**
     * Grants.
     *
     * @param region of this transport
     * @param offset first byte
     * @param length at least 1
     * @param rights at least one
     * @return the grant, which keeps the region in use
     * @throws SluiceException when it cannot be granted; with the reason
     */
    public synchronized Grant grant(NativeRegion region, long offset, long length, Set<Right> rights)
            throws SluiceException {
        if (!(region.backing() instanceof SharedRegion shared)) {
            throw new SluiceException("memory of the user's own, which register() took, cannot be granted: only memory"
                    + " that Sluice allocated can be mapped by another process", 0, "",
                    "Allocate the region with Transport.allocate");
        }
        if (over) {
            throw new SluiceException("nothing can be granted on an ended connection", 0, "", "");
        }
        int slot = freeSlot();
        long position = region.segment().address() - shared.memory().address() + offset;
        region.acquire();
        SharedRegion.Range range = null;
        try {
            range = shared.grant(position, length);
        } finally {
            if (range == null) {
                region.release();
            }
        }
        ShmGrant grant = new ShmGrant(this, slot, freshKey(), region, shared, range, position, length, rights);
        grants[slot] = grant;
        ConnectionMemory.WORD.setVolatile(memory.all(), memory.myGrant(slot), grant.key());
        return grant;
    }

    /**
     * Answers the peer's wish to map a grant.
     *
     * @param key as the peer has it
     * @param slot as the peer has it
     * @param answer takes the memory, or null when there is no such grant; none can be closed meanwhile
     */
    public synchronized void answer(long key, int slot, Consumer<GrantedMemory> answer) {
        ShmGrant grant = slot >= 0 && slot < grants.length ? grants[slot] : null;
        answer.accept(grant != null && grant.key() == key ? grant.memory() : null);
    }

    /** Takes a grant back; when this returns no byte of it changes by the peer any more. */
    synchronized void revoke(ShmGrant grant) {
        if (grants[grant.slot()] != grant) {
            return;
        }
        Access.takeBack(memory.all(), memory.myGrant(grant.slot()));
        fence();
        grants[grant.slot()] = null;
        end(grant, System.nanoTime() + PATIENCE_NS);
    }

    /**
     * Takes all back, for the connection has ended; when this returns no byte changes by the peer any more.
     *
     * @param peer what is known of the other end
     */
    public synchronized void endAll(PeerState peer) {
        if (over) {
            return;
        }
        over = true;
        boolean any = false;
        for (int slot = 0; slot < grants.length; slot++) {
            if (grants[slot] != null) {
                any = true;
                Access.takeBack(memory.all(), memory.myGrant(slot));
            }
        }
        if (any && peer != PeerState.GONE) {
            fence();
        }
        long deadlineNs = System.nanoTime() + (peer == PeerState.RUNNING ? PATIENCE_NS : 0);
        for (int slot = 0; slot < grants.length; slot++) {
            ShmGrant grant = grants[slot];
            grants[slot] = null;
            if (grant != null) {
                end(grant, peer == PeerState.GONE ? PEER_IS_GONE : deadlineNs);
            }
        }
    }

    /** What is known of the other end when a connection ends. */
    public enum PeerState {
        /** Its process runs, so that an access of it ends soon. */
        RUNNING,
        /** Its process did nothing for the detection time. */
        FROZEN,
        /** Its process, or its use of this connection, has ended. */
        GONE
    }

    private void end(ShmGrant grant, long deadlineNs) {
        for (long access : ACCESSES) {
            long note = memory.theirs() + access;
            if (deadlineNs != PEER_IS_GONE && !awaitQuiet(note, grant.slot(), deadlineNs)) {
                grant.isUnderHand(Access.notedOffset(memory.all(), note), Access.notedLength(memory.all(), note));
            }
        }
        grant.ended();
    }

    /** Between taking keys back and looking who noted an access. */
    private static void fence() {
        AsymmetricFence.heavyAcrossProcesses();
        long beganNs = System.nanoTime();
        long leftNs = AsymmetricFence.SETTLED_NS;
        while (leftNs > 0) {
            LockSupport.parkNanos(leftNs);
            leftNs = AsymmetricFence.SETTLED_NS - (System.nanoTime() - beganNs);
        }
    }

    /** Waits until a note of the peer's names this grant no more; false when it does not stop. */
    private boolean awaitQuiet(long note, int slot, long deadlineNs) {
        int looks = 0;
        while (Access.isNoted(memory.all(), note, slot)) {
            if (++looks < SPINS) {
                Thread.onSpinWait();
            } else if (System.nanoTime() - deadlineNs >= 0) {
                return false;
            } else {
                LockSupport.parkNanos(LOOK_AGAIN_NS);
            }
        }
        return true;
    }

    private int freeSlot() throws SluiceException {
        for (int slot = 0; slot < grants.length; slot++) {
            if (grants[slot] == null && isQuiet(slot)) {
                return slot;
            }
        }
        int first = grants.length;
        if (first == ConnectionMemory.GRANTS) {
            throw new SluiceException("this connection has " + first + " grants, the most it can have", 0, "",
                    "Close grants that the peer does not need any more, or grant larger ranges");
        }
        grants = Arrays.copyOf(grants, first * 2);
        return first;
    }

    /** A slot that a frozen peer still has its hand on is not given to somebody else. */
    private boolean isQuiet(int slot) {
        for (long access : ACCESSES) {
            if (Access.isNoted(memory.all(), memory.theirs() + access, slot)) {
                return false;
            }
        }
        return true;
    }

    private static long freshKey() {
        long key = RANDOM.nextLong();
        return key == 0 ? 1 : key;
    }
}
