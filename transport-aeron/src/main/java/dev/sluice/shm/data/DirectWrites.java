package dev.sluice.shm.data;

import dev.sluice.Connection;
import dev.sluice.shm.memory.Access;
import dev.sluice.shm.memory.ShmRemoteRegion;
import dev.sluice.spi.NativeRegion;
import dev.sluice.spi.data.OwnerGate;

/**
 * Writes that fit into one step while nothing waits: done in the post itself, they leave nothing behind but their completion.
 * What stands in the way, and what the peer does not let happen, is for {@link Transfers}. The poller's thread.
 */
final class DirectWrites {
    private final OwnerGate gate;
    private final Posting posting;
    private final Operations ops;
    private final Access access;

    DirectWrites(OwnerGate gate, Posting posting, Operations ops, Access access) {
        this.gate = gate;
        this.posting = posting;
        this.ops = ops;
        this.access = access;
    }

    boolean isDone(NativeRegion local, long localOffset, ShmRemoteRegion remote, long remoteOffset, long length,
            long cookie, int flags) {
        if (length > Connections.QUANTUM_BYTES || (flags & Connection.FENCE) != 0) {
            return false;
        }
        local.acquire();
        gate.enter();
        try {
            boolean done = posting.isClear() && write(local, localOffset, remote, remoteOffset, length);
            if (done) {
                ops.completeAtOnce(cookie, flags, length);
            }
            return done;
        } finally {
            gate.exit();
            local.release();
        }
    }

    private boolean write(NativeRegion local, long localOffset, ShmRemoteRegion remote, long remoteOffset,
            long length) {
        if (!access.enter(remote, remoteOffset, length)) {
            return false;
        }
        boolean stillOpen;
        try {
            Copies.place(local, localOffset, remote.address() + remoteOffset, length);
        } finally {
            stillOpen = access.leave(remote);
        }
        return stillOpen;
    }
}
