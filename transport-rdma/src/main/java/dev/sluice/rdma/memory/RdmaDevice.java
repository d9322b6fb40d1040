package dev.sluice.rdma.memory;

import dev.sluice.SluiceException;
import dev.sluice.rdma.internal.ffm.DeviceAttributes;
import dev.sluice.rdma.internal.ffm.Driver;
import dev.sluice.rdma.internal.ffm.FfmContext;
import dev.sluice.rdma.internal.ffm.FfmVerbs;

import java.io.IOException;

/** The device that a transport uses, with what its connections are measured by. Immutable; any thread. */
public final class RdmaDevice {
    private static final int MAX_READS = 128;
    private static final int MAX_COMPLETIONS = 1 << 14;
    private static final long MAX_PART_BYTES = 1L << 30;
    private static final long TURN_BYTES = 16L << 20;

    private final FfmVerbs verbs;
    private final FfmContext context;
    private final int port;
    private final int maxReads;
    private final int maxCompletions;
    private final long maxMessageBytes;

    /**
     * Asks a device what it can do.
     *
     * @param verbs how objects are made
     * @param context the device
     * @param port the port in use, from 1
     * @throws SluiceException when it does not answer
     */
    public RdmaDevice(FfmVerbs verbs, FfmContext context, int port) throws SluiceException {
        this.verbs = verbs;
        this.context = context;
        this.port = port;
        DeviceAttributes attributes = context.queryDevice();
        maxReads = Math.clamp(Math.min(attributes.maxReadAtomicAsTarget(), attributes.maxReadAtomicAsInitiator()), 1,
                MAX_READS);
        maxCompletions = Math.min(attributes.maxCompletions(), MAX_COMPLETIONS);
        maxMessageBytes = context.queryPort(port).maxMessageBytes();
    }

    /**
     * How objects are made.
     *
     * @return DiSNI's verbs
     */
    public FfmVerbs verbs() {
        return verbs;
    }

    /**
     * The device.
     *
     * @return its context
     */
    public FfmContext context() {
        return context;
    }

    /**
     * Reads and atomics that a queue pair may have under way.
     *
     * @return at least 1
     */
    public int maxReads() {
        return maxReads;
    }

    /**
     * Entries of a completion queue.
     *
     * @return what queues are made with
     */
    public int maxCompletions() {
        return maxCompletions;
    }

    /**
     * The most bytes of one work request.
     *
     * @param quantumBytes what a turn may copy
     * @return bytes
     */
    public int partBytes(int quantumBytes) {
        long most = isSoft() ? quantumBytes : MAX_PART_BYTES;
        return (int) Math.min(most, maxMessageBytes);
    }

    /**
     * The most bytes that one post or poll of a connection hands to the device.
     *
     * @param quantumBytes what a turn may copy
     * @return bytes
     */
    public long turnBytes(int quantumBytes) {
        // Soft-RoCE's kernel builds the packets in the post, where no device does it.
        return isSoft() ? quantumBytes : TURN_BYTES;
    }

    /**
     * Whether a read or an atomic must not be under way behind a write that is not acknowledged. Soft-RoCE acknowledges a write
     * that is repeated with the number of what it has done last; where that is a read or an atomic whose answer was lost, it
     * completes without the answer.
     *
     * @return true on soft-RoCE
     */
    public boolean mixesUpAnswers() {
        return isSoft();
    }

    /**
     * Whether the port in use is active now. A system call.
     *
     * @return false when it is not, or the device does not answer
     */
    public boolean isPortUp() {
        try {
            return context.queryPort(port).isActive();
        } catch (SluiceException e) {
            return false;
        }
    }

    private boolean isSoft() {
        return context.driver() == Driver.RXE;
    }

    /**
     * A domain for one connection.
     *
     * @return nothing in it
     * @throws SluiceException when the device has none left
     */
    public ConnectionDomain newDomain() throws SluiceException {
        try {
            return new ConnectionDomain(verbs.allocPd(context));
        } catch (SluiceException e) {
            throw e;
        } catch (IOException e) {
            throw new SluiceException("no protection domain: " + e.getMessage(), 0, context.deviceName(), "", e);
        }
    }
}
