package dev.sluice.aeron.data;

import dev.sluice.internal.file.FileStaging;
import dev.sluice.internal.file.FileWorker;
import dev.sluice.internal.frames.Exchange;
import dev.sluice.internal.frames.ExchangePosting;
import dev.sluice.internal.frames.FileReads;

import java.lang.foreign.MemorySegment;

/** The file operations of one connection, in both directions. Under the gate. */
final class FileLane implements ExchangePosting.Files {
    private final Exchange channel;
    private final FileWrites writes;
    private final FileReads reads;
    private int appliedAcknowledged;

    FileLane(Exchange channel, FileWorker worker, FileStaging staging, Runnable signal) {
        this.channel = channel;
        writes = new FileWrites(channel, worker, staging, signal);
        reads = new FileReads(channel, worker, staging, signal);
    }

    @Override
    public void addWrite(int slot) {
        writes.add(slot);
    }

    @Override
    public void addRead(int slot) {
        reads.add(slot);
    }

    FileWrites writes() {
        return writes;
    }

    boolean hasWrites() {
        return !writes.isEmpty();
    }

    boolean hasWork() {
        return acknowledgementDue() || writes.hasWork() || reads.hasWork();
    }

    void poll() {
        writes.poll();
        reads.poll();
    }

    boolean acknowledged(int count) {
        return writes.acknowledged(count);
    }

    /** Whether the peer waits to hear that its file writes are placed. */
    boolean acknowledgementDue() {
        return channel.fileWritesApplied != appliedAcknowledged;
    }

    /** The peer has heard of all so far. */
    void acknowledge() {
        appliedAcknowledged = channel.fileWritesApplied;
    }

    int nextRequest() {
        return reads.nextRequest();
    }

    void request(int part, MemorySegment headers, long at) {
        reads.request(part, headers, at);
    }

    boolean isPart(int slot) {
        return reads.isPart(slot);
    }

    boolean expects(int part, long offset, int length, boolean last) {
        return reads.expects(part, offset, length, last);
    }

    MemorySegment partMemory(int part) {
        return reads.memory(part);
    }

    void partArrived(int part, int length, boolean last) {
        reads.arrived(part, length, last);
    }

    /** The connection ended. */
    void close() {
        writes.close();
        reads.close();
    }

    /** Whether the worker is done with what an ended connection had handed it. */
    boolean drained() {
        boolean written = writes.drained();
        return reads.drained() && written;
    }
}
