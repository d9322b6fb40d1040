package dev.sluice.testkit.reference;

import dev.sluice.RemoteRegion;
import dev.sluice.Right;
import dev.sluice.spi.EncodedGrant;

import java.util.Objects;
import java.util.Set;

/** What the peer said that it granted; believed here, checked by the peer's {@link GrantTable} at each access. */
final class MemRemoteRegion implements RemoteRegion {

    private final MemEnd importer;
    private final EncodedGrant presented;
    private final int rightsBits;
    private boolean closed;

    MemRemoteRegion(MemEnd importer, EncodedGrant presented) {
        this.importer = importer;
        this.presented = presented;
        rightsBits = EncodedGrant.bits(presented.rights());
    }

    /** What a posting call checks of a remote region it is given. */
    static MemRemoteRegion require(RemoteRegion region, MemEnd connection, long offset, long length,
            Right right) {
        Objects.requireNonNull(region, "remote region");
        if (!(region instanceof MemRemoteRegion mine) || mine.importer != connection) {
            throw new IllegalArgumentException("this remote region was imported by another connection");
        }
        connection.steps().requireInside(offset, length, mine.presented.length());
        if (!mine.presented.rights().contains(right)) {
            throw new IllegalArgumentException(
                    "granted are " + mine.presented.rights() + ", this operation needs " + right);
        }
        if (mine.closed) {
            throw new IllegalStateException("this remote region is closed");
        }
        return mine;
    }

    EncodedGrant presented() {
        return presented;
    }

    /** The rights, in a form that compares without allocation. */
    int rightsBits() {
        return rightsBits;
    }

    @Override
    public long lengthBytes() {
        return presented.length();
    }

    @Override
    public Set<Right> rights() {
        return presented.rights();
    }

    @Override
    public void close() {
        closed = true;
    }
}
