package dev.sluice.shm.memory;

import dev.sluice.SluiceException;
import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.SharedMemory;

import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory behind an allocated region: a memory file that peers may map, and the record of who may. Any thread.
 *
 * <p>A peer that is frozen while it writes would go on writing when it thaws, whatever it was told meanwhile, and nothing in
 * Linux takes a mapping away from another process. So the pages under its hand are taken away from it instead: in this
 * process they become private copies ({@link SharedMemory#makePrivate}), and what the peer still writes goes to pages that
 * nobody looks at. Where another connection's grant covers the same pages this waits until that grant is closed: until
 * then their content is at that peer's disposal anyway. Such pages cannot be granted again.
 */
final class SharedRegion {

    private final Arena arena;
    private final MemorySegment memory;
    private final int fd;
    private final long pageBytes;
    private final List<Range> granted = new ArrayList<>();
    private final List<Range> toIsolate = new ArrayList<>();
    private final List<Range> isolated = new ArrayList<>();

    private SharedRegion(Arena arena, MemorySegment memory, int fd, long pageBytes) {
        this.arena = arena;
        this.memory = memory;
        this.fd = fd;
        this.pageBytes = pageBytes;
    }

    /** A part of the memory, compared by identity. */
    static final class Range {
        private final long from;
        private final long to;

        private Range(long from, long bytes) {
            this.from = from;
            this.to = from + bytes;
        }

        private boolean overlaps(Range other) {
            return from < other.to && other.from < to;
        }
    }

    /** Maps new memory; owns the descriptor from now on, unless it throws. */
    static SharedRegion map(NativeContext ctx, int fd, long bytes, long pageBytes) throws ErrnoException {
        Arena arena = Arena.ofShared();
        boolean done = false;
        try {
            SharedRegion region = new SharedRegion(arena, SharedMemory.map(ctx, fd, 0, bytes, true, arena), fd,
                    pageBytes);
            done = true;
            return region;
        } finally {
            if (!done) {
                arena.close();
            }
        }
    }

    MemorySegment memory() {
        return memory;
    }

    long pageBytes() {
        return pageBytes;
    }

    int fd() {
        return fd;
    }

    /** Notes a grant of a part. */
    synchronized Range grant(long position, long bytes) throws SluiceException {
        Range range = new Range(position, bytes);
        if (toIsolate.stream().anyMatch(range::overlaps) || isolated.stream().anyMatch(range::overlaps)) {
            throw new SluiceException("this memory cannot be granted again: a peer was frozen while it wrote there, and"
                    + " may go on when it thaws", 0, "", "Grant memory of another region");
        }
        granted.add(range);
        return range;
    }

    /** The grant has ended, and nobody is using it. */
    synchronized void grantEnded(Range range) {
        granted.remove(range);
        isolateWhatIsFree();
    }

    /** A peer that does not answer is writing there; taken away from it when the last grant of these pages has ended. */
    synchronized void isUnderHand(long position, long bytes) {
        long from = position & -pageBytes;
        long to = Math.min((position + bytes + pageBytes - 1) & -pageBytes, memory.byteSize());
        toIsolate.add(new Range(from, Math.max(to, from + pageBytes) - from));
    }

    private void isolateWhatIsFree() {
        for (int i = toIsolate.size() - 1; i >= 0; i--) {
            Range range = toIsolate.get(i);
            if (granted.stream().noneMatch(range::overlaps)) {
                toIsolate.remove(i);
                isolate(range);
            }
        }
    }

    private void isolate(Range range) {
        isolated.add(range);
        try {
            SharedMemory.makePrivate(new NativeContext(), memory, fd, range.from, range.to - range.from);
        } catch (ErrnoException e) {
            throw new UncheckedIOException("memory under a frozen peer's hand cannot be taken away from it; what lies"
                    + " there may still change when it thaws", e);
        }
    }

    /** Unmaps; the region's use count has seen to it that nobody uses it. */
    synchronized void close() {
        arena.close();
        FileDescriptors.close(new NativeContext(), fd);
    }
}
