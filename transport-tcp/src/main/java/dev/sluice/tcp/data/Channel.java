package dev.sluice.tcp.data;

import dev.sluice.internal.frames.Exchange;
import dev.sluice.internal.frames.FrameOperations;
import dev.sluice.internal.frames.SendRing;
import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.NativeContext;

/** What the sending and the receiving half of a connection share: the socket, and the ring that it is received into. */
final class Channel extends Exchange {
    final int fd;
    final ReceiveRing receiveRing;

    private Channel(Link link, FrameOperations ops, SendRing sendRing, ReceiveRing receiveRing) {
        super(link.peer().toString(), link.agreement(), ops, sendRing);
        this.receiveRing = receiveRing;
        fd = link.fd();
    }

    static Channel open(NativeContext ctx, Link link, int maxOperations, int sendRingBytes, int receiveRingBytes)
            throws ErrnoException {
        SendRing sendRing = new SendRing(ctx, sendRingBytes);
        try {
            return new Channel(link, new FrameOperations(maxOperations), sendRing,
                    new ReceiveRing(ctx, receiveRingBytes));
        } catch (ErrnoException e) {
            sendRing.free();
            throw e;
        }
    }

    @Override
    public void freeRings() {
        sendRing.free();
        receiveRing.free();
    }
}
