package dev.sluice.rdma.memory;

import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.rdma.internal.ffm.FfmMr;
import dev.sluice.rdma.internal.ffm.FfmPd;
import dev.sluice.rdma.internal.ffm.VerbsConstants;
import dev.sluice.spi.NativeRegion;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * The protection domain of one connection: its queue pair alone may use the keys made here. {@link #localKey} under the gate
 * of the connection; the rest any thread.
 */
public final class ConnectionDomain {
    private static final int FIRST_ENTRIES = 8;

    private final FfmPd domain;
    private final Set<RdmaGrant> grants = new HashSet<>();
    private Registration[] used = new Registration[FIRST_ENTRIES];
    private FfmMr[] regions = new FfmMr[FIRST_ENTRIES];
    private int[] keys = new int[FIRST_ENTRIES];
    private int granting;
    private boolean closed;

    /**
     * A domain with nothing in it.
     *
     * @param domain this object's from now on
     */
    ConnectionDomain(FfmPd domain) {
        this.domain = domain;
    }

    /**
     * The native domain.
     *
     * @return for queue pairs and the connection's own memory
     */
    public FfmPd domain() {
        return domain;
    }

    /**
     * The key of a region for this connection's own accesses. The first call for a region registers it, by a system call; later
     * ones allocate nothing.
     *
     * @param region of this transport, in use
     * @return the local key
     * @throws IllegalStateException when the memory cannot be registered; the message names the limit
     */
    public int localKey(NativeRegion region) {
        Registration registration = (Registration) region.backing();
        int index = registration.index();
        return index < used.length && used[index] == registration ? keys[index] : register(registration, index);
    }

    private int register(Registration registration, int index) {
        try {
            FfmMr made = registration.register(domain);
            keep(registration, index, made);
            return made.getLkey();
        } catch (SluiceException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private synchronized void keep(Registration registration, int index, FfmMr made) {
        if (index >= used.length) {
            int length = Integer.highestOneBit(index) * 2;
            used = Arrays.copyOf(used, length);
            regions = Arrays.copyOf(regions, length);
            keys = Arrays.copyOf(keys, length);
        }
        used[index] = registration;
        regions[index] = made;
        keys[index] = made.getLkey();
    }

    /**
     * Grants a range to the peer.
     *
     * @param localId this end's name for the connection
     * @param region in use from now on, until the grant is closed
     * @param offset first byte
     * @param length bytes
     * @param rights what the peer may do
     * @return the grant
     * @throws SluiceException when the connection has ended, or the device or a limit refuses
     */
    public RdmaGrant grant(long localId, NativeRegion region, long offset, long length, Set<Right> rights)
            throws SluiceException {
        beginGrant();
        try {
            return makeGrant(localId, region, offset, length, rights);
        } finally {
            endGrant();
        }
    }

    private RdmaGrant makeGrant(long localId, NativeRegion region, long offset, long length, Set<Right> rights)
            throws SluiceException {
        region.acquire();
        boolean done = false;
        try {
            FfmMr made = domain.register(region.segment().address() + offset, length, access(rights));
            RdmaGrant grant = new RdmaGrant(this, localId, region, made, rights);
            if (!add(grant)) {
                made.destroy();
                throw ended();
            }
            done = true;
            return grant;
        } catch (SluiceException e) {
            throw e;
        } catch (IOException e) {
            throw new SluiceException("the memory cannot be granted: " + e.getMessage(), 0, "", "", e);
        } finally {
            if (!done) {
                region.release();
            }
        }
    }

    /** From here on the native domain stays, until {@link #endGrant}. */
    private synchronized void beginGrant() throws SluiceException {
        if (closed) {
            throw ended();
        }
        granting++;
    }

    private synchronized void endGrant() {
        granting--;
        notifyAll();
    }

    /** Registering needs nothing of ours and ends by itself, so this has no limit. */
    private synchronized void awaitGranting() {
        while (granting > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new AssertionError("nobody interrupts the reaper", e);
            }
        }
    }

    private static SluiceException ended() {
        return new SluiceException("this connection has ended and grants nothing any more", 0, "", "Connect again");
    }

    private synchronized boolean add(RdmaGrant grant) {
        return !closed && grants.add(grant);
    }

    synchronized void forget(RdmaGrant grant) {
        grants.remove(grant);
    }

    /** Revokes every grant, and makes no more. */
    public void revokeAll() {
        Set<RdmaGrant> all;
        synchronized (this) {
            closed = true;
            all = Set.copyOf(grants);
        }
        all.forEach(RdmaGrant::close);
    }

    /**
     * Frees the domain, when its queue pair and all else in it are gone.
     *
     * @throws SluiceException when the device refuses
     */
    public void destroy() throws SluiceException {
        revokeAll();
        awaitGranting();
        for (int i = 0; i < used.length; i++) {
            if (used[i] != null) {
                used[i].drop(regions[i]);
                used[i] = null;
            }
        }
        domain.destroy();
    }

    private static int access(Set<Right> rights) {
        int access = 0;
        for (Right right : rights) {
            access |= switch (right) {
                case READ -> VerbsConstants.IBV_ACCESS_REMOTE_READ;
                case WRITE -> VerbsConstants.IBV_ACCESS_REMOTE_WRITE | VerbsConstants.IBV_ACCESS_LOCAL_WRITE;
                case ATOMIC -> VerbsConstants.IBV_ACCESS_REMOTE_ATOMIC | VerbsConstants.IBV_ACCESS_LOCAL_WRITE;
            };
        }
        return access;
    }
}
