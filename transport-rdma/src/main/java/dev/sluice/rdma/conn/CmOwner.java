package dev.sluice.rdma.conn;

import dev.sluice.internal.control.Watched;
import dev.sluice.rdma.internal.ffm.FfmCmEvent;

/**
 * Who is told of the events of an id, with a deadline; the descriptor under the events is the {@link CmChannel}'s. On the
 * control thread.
 */
abstract class CmOwner extends Watched {
    CmOwner(CmChannel channel) {
        super(channel.fd);
    }

    /**
     * An event.
     *
     * @param event acknowledged already
     */
    abstract void event(FfmCmEvent event);

    @Override
    public final void ready(int events) {
        throw new AssertionError("only the channel is watched");
    }
}
