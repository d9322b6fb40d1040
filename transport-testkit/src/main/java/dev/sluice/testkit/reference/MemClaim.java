package dev.sluice.testkit.reference;

import dev.sluice.BufferClaim;

import java.lang.foreign.MemorySegment;

/** A claim in the ring of its connection. */
final class MemClaim extends BufferClaim {

    private final MemEnd connection;
    private boolean open;

    MemClaim(MemEnd connection) {
        this.connection = connection;
    }

    /** What {@link MemConnection#tryClaim} checks of a claim it is given. */
    MemClaim require(MemEnd claiming) {
        if (connection != claiming) {
            throw new IllegalArgumentException("this claim is of another connection");
        }
        return this;
    }

    void open(MemorySegment memory, long offset, int length) {
        wrap(memory, offset, length);
        open = true;
    }

    @Override
    public long commit() {
        requireOpen();
        open = false;
        return connection.output().commit();
    }

    @Override
    public void abort() {
        requireOpen();
        open = false;
        connection.output().abort();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    private void requireOpen() {
        assert connection.queue().isOwner();
        if (!open) {
            throw new IllegalStateException("no claim is open");
        }
    }
}
