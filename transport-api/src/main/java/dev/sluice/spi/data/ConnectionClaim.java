package dev.sluice.spi.data;

import dev.sluice.BufferClaim;

import java.lang.foreign.MemorySegment;

/** A claim in the memory that its connection sends from. The connection's thread. */
final class ConnectionClaim extends BufferClaim {
    private final CheckedConnection connection;
    private boolean open;

    ConnectionClaim(CheckedConnection connection) {
        this.connection = connection;
    }

    CheckedConnection connection() {
        return connection;
    }

    void open(MemorySegment segment, long offset, int length) {
        open = true;
        wrap(segment, offset, length);
    }

    @Override
    public long commit() {
        requireOpen();
        open = false;
        return connection.commit(length());
    }

    @Override
    public void abort() {
        requireOpen();
        open = false;
        connection.abort();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    private void requireOpen() {
        assert connection.isOwner();
        if (!open) {
            throw new IllegalStateException("no claim is open");
        }
    }
}
