package dev.sluice.rdma.internal.ffm;

import dev.sluice.rdma.internal.ffm.AttributeLayouts.DeviceAttr;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A snapshot of {@code struct ibv_device_attr}, ibv_query_device(3). */
public final class DeviceAttributes {
    private final MemorySegment struct;

    DeviceAttributes(MemorySegment source) {
        struct = MemorySegment.ofArray(new long[DeviceAttr.BYTES / Long.BYTES]).copyFrom(source);
    }

    /**
     * The firmware.
     *
     * @return its version, empty for software
     */
    public String firmware() {
        return struct.getString(DeviceAttr.FIRMWARE);
    }

    /**
     * The maker.
     *
     * @return the IEEE number
     */
    public int vendorId() {
        return number(DeviceAttr.VENDOR_ID);
    }

    /**
     * The largest region.
     *
     * @return bytes, unsigned
     */
    public long maxRegionBytes() {
        return struct.get(Symbols.LONG, DeviceAttr.MAX_MR_SIZE);
    }

    /**
     * Queue pairs of the device.
     *
     * @return how many at most
     */
    public int maxQueuePairs() {
        return number(DeviceAttr.MAX_QP);
    }

    /**
     * Work requests in a queue.
     *
     * @return how many at most
     */
    public int maxWorkRequests() {
        return number(DeviceAttr.MAX_QP_WR);
    }

    /**
     * Scatter-gather elements of a request.
     *
     * @return how many at most
     */
    public int maxElements() {
        return number(DeviceAttr.MAX_SGE);
    }

    /**
     * Scatter-gather elements of a read; 0 where the device gives none of its own.
     *
     * @return how many at most
     */
    public int maxReadElements() {
        return number(DeviceAttr.MAX_SGE_READ);
    }

    /**
     * Completion queues of the device.
     *
     * @return how many at most
     */
    public int maxCompletionQueues() {
        return number(DeviceAttr.MAX_CQ);
    }

    /**
     * Entries of a completion queue.
     *
     * @return how many at most
     */
    public int maxCompletions() {
        return number(DeviceAttr.MAX_CQE);
    }

    /**
     * Regions of the device.
     *
     * @return how many at most
     */
    public int maxRegions() {
        return number(DeviceAttr.MAX_MR);
    }

    /**
     * Windows of the device.
     *
     * @return how many at most
     */
    public int maxWindows() {
        return number(DeviceAttr.MAX_MW);
    }

    /**
     * Reads and atomics that a queue pair can serve at once as a target.
     *
     * @return how many at most
     */
    public int maxReadAtomicAsTarget() {
        return number(DeviceAttr.MAX_RD_ATOMIC);
    }

    /**
     * Reads and atomics that a queue pair can have under way as an initiator.
     *
     * @return how many at most
     */
    public int maxReadAtomicAsInitiator() {
        return number(DeviceAttr.MAX_INIT_RD_ATOMIC);
    }

    /**
     * What atomics are atomic against.
     *
     * @return an {@code IBV_ATOMIC_} constant
     */
    public int atomicCapability() {
        return number(DeviceAttr.ATOMIC_CAPABILITY);
    }

    /**
     * Shared receive queues of the device.
     *
     * @return how many at most, 0 for none
     */
    public int maxSharedReceiveQueues() {
        return number(DeviceAttr.MAX_SRQ);
    }

    /**
     * Requests in a shared receive queue.
     *
     * @return how many at most
     */
    public int maxSharedReceiveRequests() {
        return number(DeviceAttr.MAX_SRQ_WR);
    }

    /**
     * Whether windows of type 2B exist: a window then serves only the queue pair on which it was bound.
     *
     * @return true where they do
     */
    public boolean hasWindowsOfType2B() {
        return (capabilities() & VerbsConstants.IBV_DEVICE_MEM_WINDOW_TYPE_2B) != 0;
    }

    /**
     * The capability bits.
     *
     * @return {@code IBV_DEVICE_} bits
     */
    public int capabilities() {
        return number(DeviceAttr.CAPABILITIES);
    }

    /**
     * Ports of the device, numbered from 1.
     *
     * @return how many
     */
    public int ports() {
        return Byte.toUnsignedInt(struct.get(ValueLayout.JAVA_BYTE, DeviceAttr.PORTS));
    }

    private int number(long offset) {
        return struct.get(Symbols.INT, offset);
    }
}
