package dev.sluice.tcp.data;

import dev.sluice.BufferClaim;

import java.lang.foreign.MemorySegment;

/** A claim in the send ring of its connection. */
final class TcpClaim extends BufferClaim {
    private final TcpConnection connection;
    private boolean open;

    TcpClaim(TcpConnection connection) {
        this.connection = connection;
    }

    TcpConnection connection() {
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
