package dev.sluice.tcp.data;

import dev.sluice.BufferClaim;
import dev.sluice.GatherList;
import dev.sluice.RemoteRegion;
import dev.sluice.SluiceFile;
import dev.sluice.spi.NativeRegion;
import dev.sluice.tcp.file.TcpFile;
import dev.sluice.tcp.memory.TcpRemoteRegion;

import java.util.Objects;

/** The caller's mistakes, found before anything is posted: each throws, and the connection lives. */
final class Arguments {
    private Arguments() {}

    static TcpFile file(SluiceFile file, long position) {
        Objects.requireNonNull(file, "file");
        if (!(file instanceof TcpFile mine)) {
            throw new IllegalArgumentException("this file was opened by another transport");
        }
        if (position < 0) {
            throw new IndexOutOfBoundsException("negative position " + position);
        }
        return mine;
    }

    /** Checks what this side can know of an access to the peer's memory; returns the key that the owner checks. */
    static long remote(RemoteRegion region, TcpConnection by, int right, long offset, long length) {
        Objects.requireNonNull(region, "remote region");
        if (!(region instanceof TcpRemoteRegion mine)) {
            throw new IllegalArgumentException("this remote region was imported by another transport");
        }
        mine.check(by, right, offset, length);
        return mine.key();
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
