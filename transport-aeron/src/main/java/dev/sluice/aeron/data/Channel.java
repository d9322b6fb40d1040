package dev.sluice.aeron.data;

import dev.sluice.internal.frames.Exchange;
import dev.sluice.internal.frames.FrameOperations;
import dev.sluice.internal.frames.SendRing;
import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.MirroredBuffer;
import dev.sluice.internal.linux.NativeContext;

import java.io.IOException;

/** What the sending and the receiving half of a connection share: the two streams, and what waits beside them. */
final class Channel extends Exchange {
    /** A message frame that goes on with a message whose first part did not hold all of it. */
    static final int CONTINUES = 8;

    /** No poll has anything to do until something arrives, time passes, or this side posts. The poller's. */
    boolean quiet;

    final Streams streams;
    final Output output;
    final Input input;
    final Arrived arrived;
    /** Over IPC, for who sleeps at the other end; else null. */
    final Bells bells;

    private Channel(Link link, FrameOperations ops, SendRing sendRing, MirroredBuffer parking, Output output,
            Input input, Bells bells) {
        super(link.peer().toString(), link.agreement(), ops, sendRing);
        streams = link.streams();
        this.output = output;
        this.input = input;
        this.bells = bells;
        arrived = new Arrived(input, flow, link.agreement().receiveWindowMessages(), parking);
    }

    static Channel open(Link link, int operations, int messageBufferBytes) throws ErrnoException, IOException {
        NativeContext ctx = new NativeContext();
        SendRing ring = new SendRing(ctx, messageBufferBytes / 4 * 3);
        MirroredBuffer parking = null;
        Bells bells = null;
        Output output = null;
        Input input = null;
        try {
            parking = MirroredBuffer.open(ctx, messageBufferBytes);
            bells = Output.isIpc(link.streams()) ? Bells.open(link.streams().driverDirectory()) : null;
            output = Output.open(link.streams(), bells);
            input = Input.open(link.streams());
            return new Channel(link, new FrameOperations(operations), ring, parking, output, input, bells);
        } finally {
            if (input == null) {
                ring.free();
                if (parking != null) {
                    parking.close();
                }
                if (bells != null) {
                    bells.free();
                }
                if (output != null) {
                    output.free();
                }
            }
        }
    }

    /** Has the peer ring a bell, or none when it is 0. */
    void expect(int bell) {
        if (bells != null) {
            bells.expect(input.session(), bell);
        }
    }

    @Override
    public void freeRings() {
        sendRing.free();
        arrived.free();
        input.free();
        output.free();
        if (bells != null) {
            bells.free();
        }
    }
}
