package dev.sluice.internal.frames;

import dev.sluice.Connection;
import dev.sluice.Results;
import dev.sluice.spi.data.OperationTable;

import java.lang.foreign.MemorySegment;

/**
 * The posting half of an endpoint: admits or refuses, reserves credits, and hands on what is accepted. How a message gets out is
 * the transport's. The owner's thread, under the gate.
 */
public abstract class ExchangePosting {
    private final Exchange channel;
    private final Files files;
    private final long timeoutNs;
    private final Admission admission;

    /**
     * Nothing posted yet.
     *
     * @param channel of the connection
     * @param files takes the operations on files
     * @param timeoutNs the longest time of an operation, 0 for no limit
     */
    protected ExchangePosting(Exchange channel, Files files, long timeoutNs) {
        this.channel = channel;
        this.files = files;
        this.timeoutNs = timeoutNs;
        admission = new Admission(channel);
    }

    /** Who moves files. */
    public interface Files {

        /**
         * Moves a file's bytes to the peer.
         *
         * @param slot of the operation
         */
        void addWrite(int slot);

        /**
         * Fetches the peer's bytes for a file.
         *
         * @param slot of the operation
         */
        void addRead(int slot);
    }

    /** {@return whether everything that was refused since the caller was last told would be accepted now} */
    public boolean nowWritable() {
        return admission.nowWritable();
    }

    /** {@return whether a caller that was refused waits to be told} */
    public final boolean isAwaited() {
        return admission.isAwaited();
    }

    /** The caller is told. */
    public void told() {
        admission.told();
    }

    /** Goes under the gate. */
    protected abstract void enter();

    /** Leaves it. */
    protected abstract void exit();

    /** Sends what is due. */
    protected abstract void pump();

    /**
     * Opens a claim.
     *
     * @param length of the message at most
     * @return where its payload begins in {@link #claimMemory()}, or a result
     */
    protected abstract long openClaim(int length);

    /** {@return the memory of claims} */
    protected abstract MemorySegment claimMemory();

    /**
     * Sends the open claim.
     *
     * @param length of the message
     * @return a result
     */
    protected abstract long commitClaim(int length);

    /** Gives the open claim back. */
    protected abstract void abortClaim();

    /**
     * Sends a message from anywhere.
     *
     * @param src where it stands
     * @param offset of its first byte
     * @param length of the message
     * @return a result
     */
    protected abstract long offer(MemorySegment src, long offset, int length);

    /**
     * Enters the gate for an operation with a slot. When the result is negative the gate is left again, else the caller posts
     * and then calls {@link #exit}.
     *
     * @param kind of {@link OperationTable}
     * @param length in bytes
     */
    final long begin(byte kind, long length) {
        return switch (kind) {
            case OperationTable.SEND -> begin(Frame.messageBytes((int) length), false);
            case OperationTable.WRITE_WITH_IMMEDIATE -> begin(0, false);
            case OperationTable.READ, OperationTable.FETCH_AND_ADD, OperationTable.COMPARE_AND_SWAP ->
                begin(Admission.NO_MESSAGE, true);
            default -> begin(Admission.NO_MESSAGE, false);
        };
    }

    private long begin(int frameBytes, boolean read) {
        enter();
        long result = admit(frameBytes, true, read);
        if (result < 0) {
            exit();
        } else {
            if (frameBytes >= 0) {
                channel.flow.spend(frameBytes);
            }
            channel.readsInFlight += read ? 1 : 0;
            channel.busy = true;
        }
        return result;
    }

    final long post(int slot) {
        FrameOperations ops = channel.ops;
        ops.frame(slot);
        switch (ops.kind[slot]) {
            case OperationTable.FILE_WRITE -> files.addWrite(slot);
            case OperationTable.FILE_READ -> files.addRead(slot);
            default -> {
                ops.ringMark[slot] = channel.sendRing.committedTotal();
                channel.ordered.add(slot);
            }
        }
        ops.startClock(slot, System.nanoTime(), timeoutNs);
        if ((ops.flags[slot] & Connection.MORE) == 0) {
            pump();
        }
        return 0;
    }

    /**
     * Whether a message may be posted; a refusal is counted.
     *
     * @param frameBytes what it costs
     * @return 0, or a result
     */
    protected final long admit(int frameBytes) {
        return admit(frameBytes, false, false);
    }

    private long admit(int frameBytes, boolean slot, boolean read) {
        if (channel.closed || channel.endRequested) {
            return Results.CLOSED;
        }
        if (!channel.announced) {
            return Results.NOT_CONNECTED;
        }
        return admission.permits(frameBytes, slot, read) ? 0 : refuse(frameBytes, read);
    }

    /**
     * Refuses a message that finds no space.
     *
     * @param frameBytes what it would cost
     * @return the result
     */
    protected final long refuse(int frameBytes) {
        return refuse(frameBytes, false);
    }

    private long refuse(int frameBytes, boolean read) {
        channel.backPressured++;
        admission.refused(frameBytes, read);
        pump();
        return Results.BACK_PRESSURED;
    }

    final long flush() {
        enter();
        try {
            if (channel.closed) {
                return Results.CLOSED;
            }
            pump();
            return 0;
        } finally {
            exit();
        }
    }

    final long shutdownOutput() {
        enter();
        try {
            if (channel.closed) {
                return Results.CLOSED;
            }
            channel.endRequested = true;
            pump();
            return 0;
        } finally {
            exit();
        }
    }
}
