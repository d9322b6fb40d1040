package dev.sluice.aeron.data;

import io.aeron.Image;
import io.aeron.logbuffer.FrameDescriptor;
import org.agrona.BitUtil;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;

/**
 * The stream from the peer. It is read ahead of what Aeron knows as consumed: a message stays in the log until its handler has
 * taken it, and what came behind it is served meanwhile. Under the gate.
 */
final class Input {
    /** There is no fragment yet. */
    static final long NONE = -1;
    /** What stands there is no fragment: its length leads out of its term. */
    static final long FORGED = -2;
    /** The window is half a term; before half of that is used up the driver should know. */
    private static final int PARTS_OF_TERM = 8;

    private final Image image;
    private final LogMemory log;
    private final DriverThread driver;
    private final MemorySegment readOnly;
    private long parsed;
    /** Where that is in the log. */
    private long parsedAt;
    private long released;
    /** Up to where the driver was woken for the window. */
    private long told;
    private int frameBytes;

    private Input(Image image, LogMemory log, DriverThread driver) {
        this.image = image;
        this.log = log;
        this.driver = driver;
        readOnly = log.segment().asReadOnly();
        parsed = image.position();
        parsedAt = log.offset(parsed);
        released = parsed;
        told = parsed;
    }

    /** Maps the log of an image. */
    static Input open(Streams streams) throws IOException {
        Image image = streams.dataIn();
        FileChannel channel = image.fileChannel();
        if (channel == null) {
            throw new IOException("the peer's stream is gone already");
        }
        return new Input(image, LogMemory.readable(channel, image.termBufferLength()),
                streams.thread());
    }

    MemorySegment memory() {
        return readOnly;
    }

    /** Where the payload of the next fragment begins in {@link #memory()}; {@link #NONE} or {@link #FORGED}. */
    long next() {
        long head = log.head(parsedAt);
        frameBytes = LogMemory.frameLength(head);
        while (isWithinTerm() && LogMemory.isPadding(head)) {
            advance();
            head = log.head(parsedAt);
            frameBytes = LogMemory.frameLength(head);
        }
        if (isWithinTerm()) {
            return parsedAt + LogMemory.HEADER_BYTES;
        }
        return frameBytes <= 0 ? NONE : FORGED;
    }

    private boolean isWithinTerm() {
        return frameBytes >= LogMemory.HEADER_BYTES && frameBytes <= log.bytesLeft(parsed);
    }

    /** Whether something may be there to read; a look without consequence, while the connection is not closed. */
    boolean hasNext() {
        return LogMemory.frameLength(log.head(parsedAt)) > 0;
    }

    /** The length of what {@link #next()} found. */
    int fragmentBytes() {
        return frameBytes - LogMemory.HEADER_BYTES;
    }

    /** Where the fragment begins in the stream. */
    long position() {
        return parsed;
    }

    long payloadOffset(long position) {
        return log.offset(position) + LogMemory.HEADER_BYTES;
    }

    void advance() {
        parsed += BitUtil.align(frameBytes, FrameDescriptor.FRAME_ALIGNMENT);
        parsedAt = log.offset(parsed);
    }

    /** Whether so much is kept that the peer could soon send nothing more. */
    boolean isShort() {
        return parsed - released > log.termBytes() / 4;
    }

    /** Tells Aeron that everything before a position is consumed. */
    void release(long position) {
        while (released < position && !image.isClosed()) {
            // One step goes to the end of a term at most.
            long termEnd = (released / log.termBytes() + 1) * log.termBytes();
            released = Math.min(position, termEnd);
            image.position(released);
        }
        // The driver moves the window of the peer, who cannot wake it when it is in another process.
        if (released - told >= log.termBytes() / PARTS_OF_TERM) {
            told = released;
            driver.wake();
        }
    }

    /** Whether the driver has dropped the stream: it ended, or nothing came for the image's liveness time. */
    boolean isOver() {
        return image.isClosed() && !hasNext();
    }

    /** Whether the peer has closed the stream, as the driver says well before it drops it, and everything is read; any thread. */
    boolean isAtEnd() {
        return parsed >= image.endOfStreamPosition();
    }

    int session() {
        return image.sessionId();
    }

    /** Has somebody told of data that come by the driver, over UDP; false when it tells nobody. */
    boolean tell(Runnable onData) {
        return driver.tell(image.sessionId(), onData);
    }

    void free() {
        driver.forget(image.sessionId());
        log.free();
    }
}
