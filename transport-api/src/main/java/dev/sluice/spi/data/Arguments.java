package dev.sluice.spi.data;

import dev.sluice.BufferClaim;
import dev.sluice.Connection;
import dev.sluice.GatherList;
import dev.sluice.RemoteRegion;
import dev.sluice.SluiceFile;
import dev.sluice.spi.NativeRegion;
import dev.sluice.spi.memory.ImportedRegion;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** The caller's mistakes, found before anything is posted: each throws, and the connection lives. */
final class Arguments {
    private static final int FLAGS = Connection.NO_COMPLETION | Connection.MORE | Connection.FENCE;

    private Arguments() {}

    static void flags(int flags) {
        if ((flags & ~FLAGS) != 0) {
            throw new IllegalArgumentException("unknown flags: 0x" + Integer.toHexString(flags & ~FLAGS));
        }
    }

    static void source(MemorySegment src, long offset, int length) {
        Objects.checkFromIndexSize(offset, length, src.byteSize());
        if (!src.scope().isAlive() || !src.isAccessibleBy(Thread.currentThread())) {
            throw new IllegalStateException("this thread may not read the source: " + src);
        }
    }

    static OwnedFile file(SluiceFile file, long position, long length) {
        Objects.requireNonNull(file, "file");
        if (!(file instanceof OwnedFile mine)) {
            throw new IllegalArgumentException("this file was opened by another transport");
        }
        Objects.checkFromIndexSize(position, length, Long.MAX_VALUE);
        return mine;
    }

    /** Checks what this side can know of an access to the peer's memory. */
    static ImportedRegion remote(RemoteRegion region, Connection by, int right, long offset, long length) {
        Objects.requireNonNull(region, "remote region");
        if (!(region instanceof ImportedRegion mine)) {
            throw new IllegalArgumentException("this remote region was imported by another transport");
        }
        mine.check(by, right, offset, length);
        return mine;
    }

    static void aligned(ImportedRegion target, long offset) {
        if ((target.encoded().address() + offset & Long.BYTES - 1) != 0) {
            throw new IllegalArgumentException("offset " + offset + " of an atomic is not a multiple of 8");
        }
    }

    static long gathered(GatherList src, Object transport) {
        for (int i = 0; i < src.count(); i++) {
            NativeRegion.require(src.region(i), transport, src.offset(i), src.length(i));
        }
        return src.totalBytes();
    }

    /** Uses all regions of a checked list, or none when one of them is being closed. */
    static void acquire(GatherList src) {
        int acquired = 0;
        try {
            while (acquired < src.count()) {
                ((NativeRegion) src.region(acquired)).acquire();
                acquired++;
            }
        } finally {
            if (acquired < src.count()) {
                release(src, acquired);
            }
        }
    }

    static void release(GatherList src, int count) {
        for (int i = 0; i < count; i++) {
            ((NativeRegion) src.region(i)).release();
        }
    }

    static RuntimeException badClaim(int length, BufferClaim claim) {
        Objects.requireNonNull(claim, "claim");
        return new IllegalArgumentException(
                length < 0 ? "negative length " + length : "this claim belongs to another connection");
    }
}
