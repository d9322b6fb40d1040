package dev.sluice.aeron.driver;

import io.aeron.CncFileDescriptor;
import io.aeron.CommonContext;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.broadcast.BroadcastBufferDescriptor;

import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * What a driver says to its clients: answers to their commands, streams that come and go. Looks at the end of the buffer that it
 * says this in, and tells those in this process who would look at their own pace. The driver's thread, but for the list.
 */
final class News {
    /** After a command there may soon be another one, from a process that cannot wake this driver. */
    private static final long FRESH_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final List<Runnable> readers = new CopyOnWriteArrayList<>();
    private MappedByteBuffer file;
    private volatile UnsafeBuffer said;
    private long end;
    private long changedNs = System.nanoTime() - FRESH_NS;

    /** The driver has made its directory. */
    void open(Path directory) {
        file = IoUtil.mapExistingFile(CommonContext.newCncFile(directory.toString()), CncFileDescriptor.CNC_FILE);
        said = CncFileDescriptor.createToClientsBuffer(file, CncFileDescriptor.createMetaDataBuffer(file));
    }

    /** Any thread: somebody to tell, who must neither block nor throw. */
    void add(Runnable reader) {
        readers.add(reader);
    }

    void remove(Runnable reader) {
        readers.remove(reader);
    }

    /** Tells them, when there is something new. */
    void look() {
        UnsafeBuffer buffer = said;
        if (buffer == null) {
            return;
        }
        long now = buffer.getLongVolatile(buffer.capacity() - BroadcastBufferDescriptor.TRAILER_LENGTH
                + BroadcastBufferDescriptor.TAIL_COUNTER_OFFSET);
        if (now != end) {
            end = now;
            changedNs = System.nanoTime();
            readers.forEach(Runnable::run);
        }
    }

    /** Whether there was something not long ago. */
    boolean isFresh(long nowNs) {
        return nowNs - changedNs < FRESH_NS;
    }

    /** When the driver's thread has ended. */
    void close() {
        said = null;
        IoUtil.unmap(file);
    }
}
