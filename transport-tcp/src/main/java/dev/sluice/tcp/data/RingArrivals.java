package dev.sluice.tcp.data;

import dev.sluice.internal.frames.Flow;
import dev.sluice.internal.frames.Frame;
import dev.sluice.spi.data.Arrivals;

import java.lang.foreign.MemorySegment;

/** Messages lie in the receive ring, their events name its positions; what is consumed goes back as credit. */
final class RingArrivals implements Arrivals {
    private final ReceiveRing ring;
    private final Flow flow;

    RingArrivals(ReceiveRing ring, Flow flow) {
        this.ring = ring;
        this.flow = flow;
    }

    @Override
    public MemorySegment base(long value) {
        return ring.readOnly();
    }

    @Override
    public long offset(long value) {
        return ring.index(value);
    }

    @Override
    public void messageConsumed(long value, int length) {
        ring.consumed(value + length + Frame.padding(length));
        flow.consumed(Frame.messageBytes(length));
    }

    @Override
    public void immediateConsumed() {
        flow.consumed(0);
    }
}
