package dev.sluice.shm.memory;

import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.Mappings;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.SharedMemory;
import dev.sluice.spi.EncodedGrant;
import dev.sluice.spi.memory.ImportedRegion;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The peer's memory, mapped here: the pages that a grant touches, read-only when nothing else was granted. Stays mapped until
 * it is closed and the last operation on it has ended.
 */
public final class ShmRemoteRegion extends ImportedRegion {

    private static final int WRITING = EncodedGrant.WRITE | EncodedGrant.ATOMIC;

    private final Arena arena;
    private final MemorySegment memory;
    private final long address;
    private final int slot;
    private final long key;
    private final boolean peerFences;
    private final AtomicBoolean detached = new AtomicBoolean();
    /** One for being open on an open connection, and one for each operation. */
    private final AtomicInteger users = new AtomicInteger(1);
    private final Consumer<ShmRemoteRegion> onClose;

    private ShmRemoteRegion(Object connection, EncodedGrant grant, Arena arena, MemorySegment memory,
            boolean peerFences, Consumer<ShmRemoteRegion> onClose) {
        super(connection, grant);
        this.onClose = onClose;
        this.arena = arena;
        this.memory = memory;
        address = memory.address();
        this.peerFences = peerFences;
        slot = (int) grant.extra();
        key = grant.key();
    }

    /**
     * Maps.
     *
     * @param ctx the calling thread's context
     * @param connection the importing one
     * @param grant as it arrived
     * @param granted as its owner says; the descriptor stays the caller's
     * @param peerFences see {@link ConnectionMemory#peerFences()}
     * @param onClose told once
     * @return the region
     * @throws IOException when the two do not agree, the memory could shrink, or it cannot be mapped
     */
    public static ShmRemoteRegion map(NativeContext ctx, Object connection, EncodedGrant grant, GrantedMemory granted,
            boolean peerFences, Consumer<ShmRemoteRegion> onClose) throws IOException {
        boolean same = granted.length() == grant.length() && granted.position() == grant.address()
                && granted.rights() == EncodedGrant.bits(grant.rights());
        if (!same || granted.position() < 0 || granted.length() > granted.fileBytes() - granted.position()) {
            throw new IOException("the grant was altered on its way: its owner granted another range or other rights");
        }
        String refusal = SharedMemory.refusal(ctx, granted.fd(), granted.position() + granted.length());
        if (refusal != null) {
            throw new IOException("the peer's memory is refused: " + refusal);
        }
        // A mapping of huge pages consists of whole ones.
        long page = Math.max(Mappings.pageBytes(), Long.highestOneBit(FileCalls.blockBytes(ctx, granted.fd())));
        long first = granted.position() & -page;
        long offset = granted.position() - first;
        long bytes = (offset + granted.length() + page - 1) & -page;
        Arena arena = Arena.ofShared();
        try {
            MemorySegment pages = SharedMemory.map(ctx, granted.fd(), first, bytes,
                    (granted.rights() & WRITING) != 0, arena);
            return new ShmRemoteRegion(connection, grant, arena, pages.asSlice(offset, granted.length()), peerFences,
                    onClose);
        } catch (ErrnoException e) {
            arena.close();
            throw e;
        }
    }

    /**
     * The memory.
     *
     * @return as long as the grant
     */
    public MemorySegment memory() {
        return memory;
    }

    /**
     * Where the memory begins; mapped during an operation.
     *
     * @return an address of this process
     */
    public long address() {
        return address;
    }

    /**
     * The grant's place in the tables of the connection's memory.
     *
     * @return from 0 on
     */
    public int slot() {
        return slot;
    }

    /**
     * What stands there while the grant is open.
     *
     * @return not 0
     */
    public long key() {
        return key;
    }

    /** Whether an access needs no fence of its own. */
    boolean isPeerFencing() {
        return peerFences;
    }

    /** An operation begins. */
    public void acquire() {
        users.incrementAndGet();
    }

    /** An operation has ended. */
    public void release() {
        if (users.decrementAndGet() == 0) {
            arena.close();
        }
    }

    @Override
    public void close() {
        if (isOpen()) {
            super.close();
            onClose.accept(this);
            detach();
        }
    }

    /** The connection has ended, or the region is closed: it is unmapped as soon as no operation uses it. */
    public void detach() {
        if (detached.compareAndSet(false, true)) {
            release();
        }
    }
}
