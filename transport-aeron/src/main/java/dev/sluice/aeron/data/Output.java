package dev.sluice.aeron.data;

import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FrameDescriptor;
import org.agrona.BitUtil;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The stream to the peer: space for one fragment after the other. Under the gate. */
final class Output {
    /** Aeron has no space now: its window is full, or the peer's driver is not heard of. */
    static final long BLOCKED = -1;
    /** Aeron will never have space again. */
    static final long BROKEN = -2;

    private final ExclusivePublication publication;
    private final LogMemory log;
    private final DriverThread driver;
    /** Over IPC, where what is committed is with the peer at once; null over UDP, where the driver takes it. */
    private final Bells bells;
    private final int session;
    private final int maxFragmentBytes;
    private String trouble = "";

    private Output(ExclusivePublication publication, LogMemory log, DriverThread driver, Bells bells) {
        this.publication = publication;
        this.log = log;
        this.driver = driver;
        this.bells = bells;
        session = publication.sessionId();
        maxFragmentBytes = publication.maxPayloadLength();
    }

    /** Maps the log of a publication, which the driver keeps in its directory. */
    static Output open(Streams streams, Bells bells) throws IOException {
        ExclusivePublication publication = streams.dataOut();
        Path file = streams.driverDirectory().resolve("publications")
                .resolve(publication.registrationId() + ".logbuffer");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new Output(publication, LogMemory.writable(channel, publication.termBufferLength()),
                    streams.thread(), bells);
        }
    }

    static boolean isIpc(Streams streams) {
        return streams.dataOut().channel().startsWith(CommonContext.IPC_CHANNEL);
    }

    MemorySegment memory() {
        return log.segment();
    }

    /** The most bytes of one fragment, Aeron's own header not counted. */
    int maxFragmentBytes() {
        return maxFragmentBytes;
    }

    /**
     * Claims a fragment.
     *
     * @param bytes at most {@link #maxFragmentBytes()}
     * @param claim to be committed or aborted
     * @return where it begins in {@link #memory()}; {@link #BLOCKED} or {@link #BROKEN}
     */
    long claim(int bytes, BufferClaim claim) {
        long end = publication.tryClaim(bytes, claim);
        if (end == Publication.ADMIN_ACTION) {
            // A term was full, the next one begins: once is enough.
            end = publication.tryClaim(bytes, claim);
        }
        return end < 0 ? refused(end) : log.offset(end - alignedBytes(bytes)) + LogMemory.HEADER_BYTES;
    }

    /** A fragment was committed. */
    void committed() {
        if (bells != null) {
            bells.committed(session);
        } else {
            driver.wake();
        }
    }

    private long refused(long result) {
        if (result == Publication.CLOSED || result == Publication.MAX_POSITION_EXCEEDED) {
            trouble = result == Publication.CLOSED
                    ? "Aeron closed the stream; does the media driver still run?"
                    : "the stream has reached the last position that Aeron can count; connect anew";
            return BROKEN;
        }
        driver.wake();
        return BLOCKED;
    }

    /** Whether a fragment would find space, as far as this side knows. */
    boolean hasSpace(int bytes) {
        if (publication.availableWindow() >= alignedBytes(bytes)) {
            return true;
        }
        // It moves the window.
        driver.wake();
        return false;
    }

    /** Whether Aeron has closed it, and may soon unmap what its claims point to. */
    boolean isClosed() {
        return publication.isClosed();
    }

    /** Why it is broken. */
    String trouble() {
        return trouble;
    }

    void free() {
        log.free();
    }

    private static int alignedBytes(int bytes) {
        return BitUtil.align(bytes + LogMemory.HEADER_BYTES, FrameDescriptor.FRAME_ALIGNMENT);
    }
}
