package dev.sluice.rdma.internal.ffm;

import com.ibm.disni.verbs.RdmaEventChannel;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.Poll;
import dev.sluice.rdma.internal.ffm.CmLayouts.Event;
import dev.sluice.rdma.internal.ffm.CmLayouts.EventChannel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the connection manager reports on the ids made with it, rdma_create_event_channel(3). The descriptor is
 * non-blocking, for epoll. One thread takes events; ids may be made and used by any.
 */
public final class FfmEventChannel extends RdmaEventChannel {
    private final long address;

    private final Map<Long, FfmCmId> ids = new ConcurrentHashMap<>();

    private FfmEventChannel(long address) throws IOException {
        super(Symbols.view(address, EventChannel.BYTES).get(Symbols.INT, EventChannel.FD));
        this.address = address;
        int result = FileDescriptors.setNonBlocking(new NativeContext(), getFd(), true);
        if (result < 0) {
            throw VerbsException.of("fcntl", "of an event channel", -result, "");
        }
    }

    /**
     * Opens a channel.
     *
     * @return the channel
     * @throws VerbsException if /dev/infiniband/rdma_cm cannot be opened
     * @throws IOException never, but DiSNI's constructors declare it
     */
    static FfmEventChannel open() throws IOException {
        return new FfmEventChannel(VerbsException.check(ConnectionManager.CREATE_EVENT_CHANNEL.pointer(),
                ConnectionManager.CREATE_EVENT_CHANNEL, "", "/dev/infiniband/rdma_cm"));
    }

    /**
     * The native object.
     *
     * @return the address of the {@code rdma_event_channel}
     */
    public long address() {
        return address;
    }

    /**
     * Makes an id for one connection or listener, rdma_create_id(3).
     *
     * @return the id, of the port space {@code RDMA_PS_TCP}
     * @throws VerbsException if the kernel refuses
     * @throws IOException never, but DiSNI's constructors declare it
     */
    public FfmCmId createId() throws IOException {
        return createId((short) CmConstants.RDMA_PS_TCP);
    }

    @Override
    public FfmCmId createId(short portSpace) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(Symbols.LONG);
            VerbsException.check(ConnectionManager.CREATE_ID.orErrno(address, out.address(), 0, portSpace),
                    ConnectionManager.CREATE_ID, "", "");
            FfmCmId id = new FfmCmId(this, out.get(Symbols.LONG, 0), "");
            id.checkLayout(portSpace);
            return id;
        }
    }

    /**
     * Takes and acknowledges the next event, waiting for it at most some time by poll(2), never in the library. Platform
     * threads only: the wait holds its carrier.
     *
     * @param timeoutNs how long at most, 0 only looks
     * @return the event, or empty when the time has passed
     * @throws VerbsException if the channel is broken
     * @throws IOException never, but DiSNI's constructors declare it
     */
    public Optional<FfmCmEvent> nextEvent(long timeoutNs) throws IOException {
        if (timeoutNs < 0) {
            throw new IllegalArgumentException("every wait has a deadline");
        }
        long start = System.nanoTime();
        NativeContext ctx = new NativeContext();
        while (true) {
            Optional<FfmCmEvent> event = take();
            long left = timeoutNs - (System.nanoTime() - start);
            if (event.isPresent() || left <= 0) {
                return event;
            }
            int result = Poll.awaitReadable(ctx, getFd(), left);
            if (result < 0) {
                throw VerbsException.of("poll", "for a connection event", -result, "");
            }
        }
    }

    /**
     * Closes the channel. Idempotent. Its ids must be gone.
     */
    public synchronized void destroy() {
        if (isOpen) {
            isOpen = false;
            ConnectionManager.DESTROY_EVENT_CHANNEL.run(address);
        }
    }

    void add(long id, FfmCmId object) {
        ids.put(id, object);
    }

    void remove(long id) {
        ids.remove(id);
    }

    private Optional<FfmCmEvent> take() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(Symbols.LONG);
            int result = ConnectionManager.GET_CM_EVENT.orErrno(address, out.address());
            if (result == -Errno.EAGAIN) {
                return Optional.empty();
            }
            VerbsException.check(result, ConnectionManager.GET_CM_EVENT, "", "");
            long event = out.get(Symbols.LONG, 0);
            try {
                return Optional.of(decode(Symbols.view(event, Event.BYTES)));
            } finally {
                ConnectionManager.ACK_CM_EVENT.orErrno(event);
            }
        }
    }

    private FfmCmEvent decode(MemorySegment struct) throws IOException {
        long id = struct.get(Symbols.LONG, Event.ID);
        long listener = struct.get(Symbols.LONG, Event.LISTEN_ID);
        FfmCmId listening = listener == 0 ? null : ids.get(listener);
        FfmCmId known = ids.get(id);
        if (known == null && struct.get(Symbols.INT, Event.TYPE) == CmConstants.RDMA_CM_EVENT_CONNECT_REQUEST) {
            known = new FfmCmId(this, id, "");
        }
        return new FfmCmEvent(struct, listening, known);
    }
}
