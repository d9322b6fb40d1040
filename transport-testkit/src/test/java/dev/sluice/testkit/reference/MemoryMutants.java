package dev.sluice.testkit.reference;

import dev.sluice.Right;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.util.Objects;

/** What can go wrong with memory, grants and files. */
final class MemoryMutants {

    private MemoryMutants() {}

    static final class Tears extends Steps {

        @Override
        long fetchAndAdd(MemorySegment memory, long offset, long delta) {
            long old = memory.get(ValueLayout.JAVA_LONG, offset);
            // On a busy machine the others come in between only when they get the processor.
            Thread.yield();
            memory.set(ValueLayout.JAVA_LONG, offset, old + delta);
            return old;
        }
    }

    static final class WrongOldValue extends Steps {

        @Override
        long compareAndSwap(MemorySegment memory, long offset, long expected, long update) {
            super.compareAndSwap(memory, offset, expected, update);
            return memory.get(ValueLayout.JAVA_LONG, offset);
        }
    }

    /** Takes a length that is altered by one for true, so that one byte too many is within it. */
    static final class GrantedBound extends Steps {

        @Override
        boolean permits(MemGrant grant, MemRemoteRegion presented, long offset, long length, Right right) {
            return presented.rights().contains(right) && offset >= 0 && length <= grant.lengthBytes() + 1 - offset;
        }
    }

    static final class LocalBound extends Steps {

        @Override
        void requireInside(long offset, long length, long grantedBytes) {
            Objects.checkFromIndexSize(offset, length, grantedBytes + 1);
        }
    }

    static final class IgnoresRevocation extends Steps {

        @Override
        boolean revokes() {
            return false;
        }
    }

    static final class AcceptsForeignKeys extends Steps {

        @Override
        MemGrant find(MemEnd owner, MemRemoteRegion presented) {
            return owner.transport().ends().stream().map(end -> super.find(end, presented)).filter(Objects::nonNull)
                    .findFirst().orElse(null);
        }
    }

    static final class IgnoresRights extends Steps {

        @Override
        boolean permits(MemGrant grant, MemRemoteRegion presented, long offset, long length, Right right) {
            return offset >= 0 && length <= grant.lengthBytes() - offset;
        }
    }

    static final class ClosesInUse extends Steps {

        @Override
        boolean lends() {
            return false;
        }
    }

    static final class LosesTail extends Steps {

        private static final int BLOCK_BYTES = 4096;

        @Override
        int readFile(FileChannel file, MemorySegment to, long position) throws IOException {
            long whole = to.byteSize() & -BLOCK_BYTES;
            int read = super.readFile(file, to.asSlice(0, whole), position);
            return read < whole ? read : (int) to.byteSize();
        }
    }

    static final class SkipsHoles extends Steps {

        @Override
        int readFile(FileChannel file, MemorySegment to, long position) throws IOException {
            byte[] before = to.toArray(ValueLayout.JAVA_BYTE);
            int read = super.readFile(file, to, position);
            for (int i = 0; i < read; i++) {
                if (to.get(ValueLayout.JAVA_BYTE, i) == 0) {
                    to.set(ValueLayout.JAVA_BYTE, i, before[i]);
                }
            }
            return read;
        }
    }

    static final class HidesTruncation extends Steps {

        @Override
        int readFile(FileChannel file, MemorySegment to, long position) throws IOException {
            int read = super.readFile(file, to, position);
            return read < 0 ? (int) to.byteSize() : read;
        }
    }
}
