package dev.sluice.aeron.data;

import dev.sluice.internal.frames.Frame;
import dev.sluice.internal.frames.Service;

import java.lang.foreign.MemorySegment;

/** Answers to the peer's reads, atomics and file writes. Under the gate. */
final class AnswerLane {
    private static final int DATA_HEADER_BYTES = Frame.HEADER_BYTES + Frame.extensionBytes(Frame.DATA);

    private final Channel channel;
    private final FileLane files;
    private final FrameWriter writer;

    AnswerLane(Channel channel, FileLane files, FrameWriter writer) {
        this.channel = channel;
        this.files = files;
        this.writer = writer;
    }

    /** Sends a frame of it, when there is one and space. */
    boolean send() {
        if (files.acknowledgementDue()) {
            boolean sent = writer.single(Frame.FILE_ACK, 0, channel.fileWritesApplied);
            if (sent) {
                files.acknowledge();
            }
            return sent;
        }
        Service service = channel.service;
        return !service.isEmpty() && (service.isResult() ? result(service) : data(service));
    }

    private boolean result(Service service) {
        long at = writer.begin(Frame.RESULT, Frame.LAST, service.slot(), 0);
        if (at < 0) {
            return false;
        }
        writer.extension(at, 0, service.value());
        writer.commit();
        service.remove();
        return true;
    }

    private boolean data(Service service) {
        int chunk = (int) Math.min(service.left(), writer.maxFrameBytes() - DATA_HEADER_BYTES);
        boolean last = chunk == service.left();
        long at = writer.begin(Frame.DATA, last ? Frame.LAST : 0, service.slot(), chunk);
        if (at < 0) {
            return false;
        }
        writer.extension(at, 0, service.offset());
        MemorySegment from = service.grant().segment();
        writer.copy(from, service.address() - from.address(), at + DATA_HEADER_BYTES, chunk);
        writer.commit();
        service.advance(chunk);
        if (last) {
            service.remove();
        }
        return true;
    }
}
