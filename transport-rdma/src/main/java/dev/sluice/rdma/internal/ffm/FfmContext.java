package dev.sluice.rdma.internal.ffm;

import com.ibm.disni.verbs.IbvContext;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.rdma.internal.ffm.VerbsLayouts.Context;
import dev.sluice.rdma.internal.ffm.VerbsLayouts.Device;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;

/**
 * An opened device. Those that the connection manager opened live as long as the process; there is one object for each.
 * Any thread.
 */
public final class FfmContext extends IbvContext {
    private final long address;

    private final MemorySegment struct;

    private final String deviceName;

    private final int transportType;

    private final boolean owned;

    private final Driver driver;

    /**
     * Wraps an opened device.
     *
     * @param address the {@code ibv_context}
     * @param owned whether {@link #closeDevice} may close it
     */
    FfmContext(long address, boolean owned) throws IOException {
        MemorySegment found = Symbols.view(address, Context.PREFIX_BYTES);
        super(found.get(Symbols.INT, Context.CMD_FD), found.get(Symbols.INT, Context.NUM_COMP_VECTORS));
        this.address = address;
        this.owned = owned;
        struct = found;
        long device = struct.get(Symbols.LONG, Context.DEVICE);
        long name = Verbs.GET_DEVICE_NAME.address(device);
        LayoutCheck.echo("ibv_device.name", name, device + Device.NAME);
        LayoutCheck.atLeast("ibv_context.async_fd", 0, struct.get(Symbols.INT, Context.ASYNC_FD));
        LayoutCheck.atLeast("ibv_context.num_comp_vectors", 1, struct.get(Symbols.INT, Context.NUM_COMP_VECTORS));
        deviceName = Symbols.text(name);
        transportType = Symbols.view(device, Device.BYTES).get(Symbols.INT, Device.TRANSPORT_TYPE);
        driver = Driver.of(deviceName, queryDevice());
        makeAsyncEventsNonBlocking();
    }

    /**
     * The native object.
     *
     * @return the address of the {@code ibv_context}
     */
    public long address() {
        return address;
    }

    /**
     * The device's name.
     *
     * @return such as {@code mlx5_0} or {@code rxe0}
     */
    public String deviceName() {
        return deviceName;
    }

    /**
     * What moves the bytes.
     *
     * @return the kind of driver
     */
    public Driver driver() {
        return driver;
    }

    /**
     * Whether the device speaks iWARP, which has no atomics and no immediate data on many devices.
     *
     * @return true for iWARP
     */
    public boolean isIwarp() {
        return transportType == VerbsConstants.IBV_TRANSPORT_IWARP;
    }

    /**
     * Whether a window protects the rest of its region. The kernel's soft-RoCE (seen on 6.1) checks an access through a
     * window against the bounds of the whole region, so there only a region of its own protects.
     *
     * @return false on soft-RoCE
     */
    public boolean windowsKeepBounds() {
        return driver != Driver.RXE;
    }

    /**
     * Reads the limits and abilities of the device, ibv_query_device(3).
     *
     * @return a snapshot
     * @throws VerbsException if the device does not answer
     */
    public DeviceAttributes queryDevice() throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(AttributeLayouts.DeviceAttr.BYTES, Long.BYTES);
            VerbsException.check(Verbs.QUERY_DEVICE.orError(address, out.address()), Verbs.QUERY_DEVICE, "",
                    deviceName);
            return new DeviceAttributes(out);
        }
    }

    /**
     * Reads the state of a port, ibv_query_port(3).
     *
     * @param port from 1
     * @return a snapshot
     * @throws VerbsException if there is no such port, or the device does not answer
     */
    public PortAttributes queryPort(int port) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(AttributeLayouts.PortAttr.BYTES, Long.BYTES);
            VerbsException.check(Verbs.QUERY_PORT.orError(address, port, out.address()), Verbs.QUERY_PORT,
                    "of port " + port, deviceName);
            return new PortAttributes(port, out);
        }
    }

    /**
     * Reads the addresses of all ports, ibv_query_gid_table(3).
     *
     * @return the valid entries
     * @throws VerbsException if the device does not answer
     */
    public List<GidEntry> queryGids() throws VerbsException {
        return GidEntry.all(this);
    }

    /**
     * The descriptor of asynchronous events, for epoll; non-blocking.
     *
     * @return the descriptor, which the library owns
     */
    public int asyncFd() {
        return struct.get(Symbols.INT, Context.ASYNC_FD);
    }

    /**
     * Takes and acknowledges the next asynchronous event of the device and its objects, without waiting.
     *
     * @return the event, or empty when there is none
     * @throws VerbsException if the device is gone
     */
    public Optional<AsyncEvent> pollAsyncEvent() throws VerbsException {
        return AsyncEvent.take(this);
    }

    /**
     * Closes a device that was opened by name; one of the connection manager stays open. Idempotent. All its objects must
     * be gone.
     *
     * @throws VerbsException if the device refuses
     */
    public synchronized void closeDevice() throws VerbsException {
        if (owned && isOpen) {
            isOpen = false;
            VerbsException.check(Verbs.CLOSE_DEVICE.orErrno(address), Verbs.CLOSE_DEVICE, "", deviceName);
        }
    }

    @Override
    public String toString() {
        return deviceName;
    }

    /** The function at an offset of {@code ibv_context}; read when an object is made, as drivers fill the table late. */
    MemorySegment function(int offset) {
        MemorySegment function = struct.get(ValueLayout.ADDRESS, offset);
        if (function.address() == 0) {
            throw new UnsupportedOperationException("the driver of " + deviceName + " has no function at " + offset);
        }
        return function;
    }

    boolean hasFunction(int offset) {
        return struct.get(Symbols.LONG, offset) != 0;
    }

    /** Whether posts never enter the kernel, so that they may be critical downcalls. */
    boolean postsWithoutKernel() {
        return driver == Driver.HARDWARE;
    }

    private void makeAsyncEventsNonBlocking() throws VerbsException {
        int result = FileDescriptors.setNonBlocking(new NativeContext(), asyncFd(), true);
        if (result < 0) {
            throw VerbsException.of("fcntl", "of the asynchronous events", -result, deviceName);
        }
    }
}
