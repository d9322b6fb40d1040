package dev.sluice.rdma.internal.ffm;

import com.ibm.disni.verbs.IbvCompChannel;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.rdma.internal.ffm.VerbsLayouts.Channel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A completion channel, ibv_create_comp_channel(3): a descriptor that becomes readable when a queue has something that was
 * asked for by {@link FfmCq#requestNotify}. The descriptor is non-blocking, for epoll.
 */
public final class FfmCompChannel extends IbvCompChannel {
    private final Arena arena = Arena.ofShared();

    private final MemorySegment out = arena.allocate(2 * Symbols.LONG.byteSize(), Symbols.LONG.byteAlignment());

    private final long address;

    private final FfmContext device;

    FfmCompChannel(FfmContext device) throws IOException {
        long created = VerbsException.check(Verbs.CREATE_COMP_CHANNEL.pointer(device.address()),
                Verbs.CREATE_COMP_CHANNEL, "", device.deviceName());
        MemorySegment struct = Symbols.view(created, Channel.BYTES);
        LayoutCheck.echo("ibv_comp_channel.context", device.address(), struct.get(Symbols.LONG, Channel.CONTEXT));
        super(struct.get(Symbols.INT, Channel.FD), device);
        address = created;
        this.device = device;
        int result = FileDescriptors.setNonBlocking(new NativeContext(), getFd(), true);
        if (result < 0) {
            throw VerbsException.of("fcntl", "of a completion channel", -result, device.deviceName());
        }
    }

    /**
     * The native object.
     *
     * @return the address of the {@code ibv_comp_channel}
     */
    public long address() {
        return address;
    }

    /**
     * Takes and acknowledges all waiting events, ibv_get_cq_event(3) and ibv_ack_cq_events(3), without waiting. To be
     * called by one thread, the poller, before it asks for the next notice; allocates nothing.
     *
     * @return how many there were; 0 also when the device is gone, which an asynchronous event tells
     */
    public int drain() {
        long at = out.address();
        int count = 0;
        while (CqEvents.takeCqEvent(address, at, at + Long.BYTES) == 0) {
            CqEvents.acknowledgeCqEvents(out.get(Symbols.LONG, 0), 1);
            count++;
        }
        return count;
    }

    /**
     * Closes the channel. Idempotent.
     *
     * @throws VerbsException if a queue still uses it (EBUSY); it can be tried again
     */
    public synchronized void destroy() throws VerbsException {
        if (isOpen) {
            VerbsException.check(Verbs.DESTROY_COMP_CHANNEL.orError(address), Verbs.DESTROY_COMP_CHANNEL, "",
                    device.deviceName());
            isOpen = false;
            arena.close();
        }
    }
}
