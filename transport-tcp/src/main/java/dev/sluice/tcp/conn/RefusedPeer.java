package dev.sluice.tcp.conn;

import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.Watched;
import dev.sluice.internal.linux.SocketIo;

/** A peer that was told why it is refused. What it still sends is read away, up to a bound, until it closes. */
final class RefusedPeer extends Watched {

    private static final int MAX_DISCARDED_BYTES = 64 << 10;

    private final ControlLoop loop;
    private int discardedBytes;

    RefusedPeer(int fd, ControlLoop loop) {
        super(fd);
        this.loop = loop;
    }

    @Override
    public void ready(int events) {
        while (discardedBytes < MAX_DISCARDED_BYTES) {
            long result = SocketIo.recv(loop.ctx(), fd, loop.buffer().address(), ControlLoop.BUFFER_BYTES, 0);
            if (result < 0 && SocketErrors.isTransient((int) -result)) {
                return;
            }
            if (result <= 0) {
                break;
            }
            discardedBytes += (int) result;
        }
        close();
    }

    @Override
    public void expired(long dueNs) {
        close();
    }

    @Override
    public void abandon(String why) {
        close();
    }

    /** Makes room for another one: reads away what is there and closes. */
    void finish() {
        ready(0);
        if (hasDeadline()) {
            close();
        }
    }

    private void close() {
        HalfOpenPeers.of(loop).refusedGone();
        loop.close(this);
    }
}
