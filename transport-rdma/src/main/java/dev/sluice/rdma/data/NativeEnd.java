package dev.sluice.rdma.data;

import com.ibm.disni.verbs.IbvQPInitAttr;
import dev.sluice.SluiceException;
import dev.sluice.rdma.internal.ffm.FfmCmId;
import dev.sluice.rdma.internal.ffm.FfmCq;
import dev.sluice.rdma.internal.ffm.FfmMr;
import dev.sluice.rdma.internal.ffm.FfmQp;
import dev.sluice.rdma.internal.ffm.VerbsConstants;
import dev.sluice.rdma.memory.ConnectionDomain;
import dev.sluice.rdma.memory.RdmaDevice;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What one end of a connection has of the device: a domain, a queue pair, and memory of its own in two registrations, of which
 * the peer may write the first.
 *
 * <pre>
 * control block, receive ring | send space, results of atomics
 * </pre>
 */
final class NativeEnd {
    /** What perftest asks for, too: it fits four basic blocks of a Mellanox send queue, and the device may give more. */
    private static final int INLINE_BYTES = 220;
    private static final int PAGE_BYTES = 4096;

    private final Arena arena = Arena.ofShared();
    private final ConnectionDomain domain;
    private final MemorySegment memory;
    private final int ringBytes;
    private final long resultsOffset;
    private FfmMr shared;
    private FfmMr own;
    private FfmCmId id;
    private FfmQp queuePair;

    private NativeEnd(ConnectionDomain domain, int ringBytes, int operations) {
        this.domain = domain;
        this.ringBytes = ringBytes;
        resultsOffset = (long) ControlBlock.BYTES + ringBytes + sendBytes(ringBytes);
        memory = arena.allocate(resultsOffset + (long) operations * Long.BYTES, PAGE_BYTES);
    }

    /** Makes the domain and the memory. */
    static NativeEnd make(RdmaDevice device, int ringBytes, int operations) throws SluiceException {
        ConnectionDomain domain = device.newDomain();
        NativeEnd end = new NativeEnd(domain, ringBytes, operations);
        boolean done = false;
        try {
            end.register();
            done = true;
            return end;
        } finally {
            if (!done) {
                end.destroy();
            }
        }
    }

    private void register() throws SluiceException {
        long sharedBytes = (long) ControlBlock.BYTES + ringBytes;
        shared = register(0, sharedBytes,
                VerbsConstants.IBV_ACCESS_LOCAL_WRITE | VerbsConstants.IBV_ACCESS_REMOTE_WRITE);
        own = register(sharedBytes, memory.byteSize() - sharedBytes, VerbsConstants.IBV_ACCESS_LOCAL_WRITE);
    }

    private FfmMr register(long offset, long bytes, int access) throws SluiceException {
        try {
            return domain.domain().register(memory.address() + offset, bytes, access);
        } catch (SluiceException e) {
            throw e;
        } catch (IOException e) {
            throw new SluiceException("the connection's memory cannot be registered: " + e.getMessage(), 0, "", "", e);
        }
    }

    /** Three quarters: the longest message, which is half, and its last part fit wherever the position is. */
    static int sendBytes(int ringBytes) {
        return ringBytes / 4 * 3;
    }

    /** Makes the queue pair of a connection to be. */
    FfmQp bind(FfmCmId newId, FfmCq queue) throws IOException {
        IbvQPInitAttr attributes = new IbvQPInitAttr();
        attributes.setQp_type((byte) VerbsConstants.IBV_QPT_RC);
        attributes.setSend_cq(queue);
        attributes.setRecv_cq(queue);
        attributes.cap().setMax_send_wr(SendQueue.REQUESTS);
        attributes.cap().setMax_recv_wr(ReceiveQueue.REQUESTS);
        attributes.cap().setMax_send_sge(Operations.PIECES);
        attributes.cap().setMax_recv_sge(1);
        attributes.cap().setMax_inline_data(INLINE_BYTES);
        queuePair = newId.createQP(domain.domain(), attributes);
        id = newId;
        return queuePair;
    }

    ConnectionDomain domain() {
        return domain;
    }

    FfmQp queuePair() {
        return queuePair;
    }

    FfmCmId id() {
        return id;
    }

    MemorySegment memory() {
        return memory;
    }

    int ringBytes() {
        return ringBytes;
    }

    long sharedAddress() {
        return memory.address();
    }

    int sharedRemoteKey() {
        return shared.getRkey();
    }

    int ownKey() {
        return own.getLkey();
    }

    MemorySegment receiveRing() {
        return memory.asSlice(ControlBlock.BYTES, ringBytes);
    }

    long sendOffset() {
        return (long) ControlBlock.BYTES + ringBytes;
    }

    long resultAddress(int slot) {
        return memory.address() + resultsOffset + (long) slot * Long.BYTES;
    }

    long result(int slot) {
        return memory.get(ValueLayout.JAVA_LONG, resultsOffset + (long) slot * Long.BYTES);
    }

    /** Frees everything; the queue pair is drained. Slow: for the reaper. */
    void destroy() throws SluiceException {
        try {
            if (id != null) {
                id.destroyQP();
                id.destroyId();
            }
            if (shared != null) {
                shared.destroy();
            }
            if (own != null) {
                own.destroy();
            }
            domain.destroy();
        } catch (SluiceException e) {
            throw e;
        } catch (IOException e) {
            throw new SluiceException("the connection's objects stay: " + e.getMessage(), 0, "", "", e);
        } finally {
            arena.close();
        }
    }
}
