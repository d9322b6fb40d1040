package dev.sluice.shm.memory;

import dev.sluice.internal.linux.AsymmetricFence;
import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.Mappings;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.SharedMemory;
import dev.sluice.spi.ring.RingLayout;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The memory that both ends of one connection map: a control block of each end, the states of its grants, and two rings. End
 * 0 is the one that accepted and made it, end 1 the one that dialled; an end reads the ring that carries its number.
 *
 * <pre>
 *     0  magic (8), version (4)
 *   128  control block of end 0, then of end 1; 1024 bytes each, in lines of 128:
 *          0  heartbeat (8), counted by the end's control thread; ended (8), once and for all; fences (8): the end asks
 *             the kernel for a fence when it takes grants back
 *        128  sleeps (8): the end's poller waits in the kernel; it sets, whoever rings clears
 *        256  wants room (8): the end's producer was back-pressured
 *        384  consumed (8): messages and immediates that the end's handler has consumed
 *        512  access of the end's poller: grant (8), offset (8), length (8)
 *        640  access of the end's file worker, the same
 *  4096  4096 words of 8 bytes, the grants of end 0: its key while it is open, else 0; then those of end 1
 *        ring 0, ring 1, each from a page of its own on
 * </pre>
 */
public final class ConnectionMemory {

    /** How many grants an end of a connection can have open. */
    public static final int GRANTS = 4096;
    /** Access to a word at (segment, byte offset). */
    public static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    /** In a control block: the heartbeat. */
    public static final long HEARTBEAT = 0;
    /** In a control block: 1 once the end has ended; set before its grants are taken back. */
    public static final long ENDED = 8;
    /** In a control block: 1 when the end asks the kernel for a fence, so that its peer need not fence each access. */
    public static final long FENCES = 16;
    /** In a control block: the end's poller sleeps. */
    public static final long SLEEPS = 128;
    /** In a control block: the end's producer wants room. */
    public static final long WANTS_ROOM = 256;
    /** In a control block: how much the end has consumed. */
    public static final long CONSUMED = 384;
    /** In a control block: the access of the poller. */
    public static final long POLLER_ACCESS = 512;
    /** In a control block: the access of the file worker. */
    public static final long WORKER_ACCESS = 640;

    private static final long MAGIC = 0x31_4d_48_53_4c_55_4c_53L;
    private static final int VERSION = 2;
    private static final long VERSION_OFFSET = 8;
    private static final long CONTROL_OFFSET = 128;
    private static final long CONTROL_BYTES = 1024;
    private static final long GRANTS_OFFSET = 4096;
    private static final long RINGS_OFFSET = GRANTS_OFFSET + 2L * GRANTS * Long.BYTES;

    private final AtomicInteger users = new AtomicInteger(2);
    private final Arena arena;
    private final MemorySegment all;
    private final int end;
    private final MemorySegment inbound;
    private final MemorySegment outbound;
    private final int inboundBytes;
    private final int outboundBytes;

    private ConnectionMemory(Arena arena, MemorySegment all, int end, int[] ringBytes) {
        this.arena = arena;
        this.all = all;
        this.end = end;
        inboundBytes = ringBytes[end];
        outboundBytes = ringBytes[1 - end];
        inbound = ring(all, end, ringBytes);
        outbound = ring(all, 1 - end, ringBytes);
        WORD.setRelease(all, mine() + FENCES, AsymmetricFence.reachesProcesses() ? 1L : 0L);
    }

    /**
     * Whether accesses to the peer's memory may go without fences of their own, because the peer asks the kernel for one
     * when it takes a grant back. Known once the peer has granted something.
     *
     * @return false when either end's kernel offers none
     */
    public boolean peerFences() {
        return AsymmetricFence.reachesProcesses() && (long) WORD.getAcquire(all, theirs() + FENCES) != 0;
    }

    /**
     * The size of the memory.
     *
     * @param acceptorRingBytes capacity of the acceptor's receive ring
     * @param diallerRingBytes capacity of the dialler's
     * @return bytes, a multiple of the page size
     */
    public static long bytes(int acceptorRingBytes, int diallerRingBytes) {
        return ringOffset(2, new int[]{acceptorRingBytes, diallerRingBytes});
    }

    /**
     * Formats new memory, as the accepting end.
     *
     * @param ctx the calling thread's context
     * @param fd of {@link SharedMemory#create}, of {@link #bytes}; stays the caller's
     * @param ringBytes capacities of the acceptor's and the dialler's receive ring
     * @param positions where the positions of these rings start, multiples of 8
     * @return the accepting end's view
     * @throws ErrnoException when it cannot be mapped
     */
    public static ConnectionMemory format(NativeContext ctx, int fd, int[] ringBytes, long[] positions)
            throws ErrnoException {
        Arena arena = Arena.ofShared();
        boolean done = false;
        try {
            MemorySegment all = SharedMemory.map(ctx, fd, 0, bytes(ringBytes[0], ringBytes[1]), true, arena);
            for (int i = 0; i < 2; i++) {
                RingLayout.format(ring(all, i, ringBytes), ringBytes[i], positions[i]);
            }
            all.set(ValueLayout.JAVA_INT, VERSION_OFFSET, VERSION);
            WORD.setRelease(all, 0L, MAGIC);
            done = true;
            return new ConnectionMemory(arena, all, 0, ringBytes);
        } finally {
            if (!done) {
                arena.close();
            }
        }
    }

    /**
     * Takes up memory that the accepting end made, as the dialling end, after looking at it.
     *
     * @param ctx the calling thread's context
     * @param fd what came with the peer's answer; stays the caller's
     * @param ringBytes capacities of the acceptor's and the dialler's receive ring, as both ends said
     * @return the dialling end's view
     * @throws IOException when it is not such memory, or cannot be mapped
     */
    public static ConnectionMemory open(NativeContext ctx, int fd, int[] ringBytes) throws IOException {
        long bytes = bytes(ringBytes[0], ringBytes[1]);
        String refusal = SharedMemory.refusal(ctx, fd, bytes);
        if (refusal != null) {
            throw new IOException("the memory that came with the peer's answer is refused: " + refusal);
        }
        Arena arena = Arena.ofShared();
        boolean done = false;
        try {
            MemorySegment all = SharedMemory.map(ctx, fd, 0, bytes, true, arena);
            check(all, ringBytes);
            done = true;
            return new ConnectionMemory(arena, all, 1, ringBytes);
        } finally {
            if (!done) {
                arena.close();
            }
        }
    }

    private static void check(MemorySegment all, int[] ringBytes) throws IOException {
        if ((long) WORD.getAcquire(all, 0L) != MAGIC || all.get(ValueLayout.JAVA_INT, VERSION_OFFSET) != VERSION) {
            throw new IOException("the memory that came with the peer's answer has another format");
        }
        for (int i = 0; i < 2; i++) {
            if (RingLayout.check(ring(all, i, ringBytes)) != ringBytes[i]) {
                throw new IOException("a ring in the peer's memory has another size than its answer says");
            }
        }
    }

    /**
     * Makes one for a descriptor that was just created, and closes that descriptor when it fails.
     *
     * @param ctx the calling thread's context
     * @param ringBytes as for {@link #format}
     * @param positions as for {@link #format}
     * @return the descriptor and the accepting end's view of it
     * @throws ErrnoException when there is no memory, descriptor or mapping left
     */
    public static Made make(NativeContext ctx, int[] ringBytes, long[] positions) throws ErrnoException {
        int fd = SharedMemory.create(ctx, bytes(ringBytes[0], ringBytes[1]));
        boolean done = false;
        try {
            Made made = new Made(fd, format(ctx, fd, ringBytes, positions));
            done = true;
            return made;
        } finally {
            if (!done) {
                FileDescriptors.close(ctx, fd);
            }
        }
    }

    /**
     * New memory.
     *
     * @param fd its descriptor
     * @param memory the accepting end's view
     */
    public record Made(int fd, ConnectionMemory memory) {}

    /**
     * All of it.
     *
     * @return the mapping; words of it are accessed by {@link #WORD}
     */
    public MemorySegment all() {
        return all;
    }

    /**
     * Where this end's control block begins.
     *
     * @return an offset in {@link #all()}
     */
    public long mine() {
        return CONTROL_OFFSET + end * CONTROL_BYTES;
    }

    /**
     * Where the peer's control block begins.
     *
     * @return an offset in {@link #all()}
     */
    public long theirs() {
        return CONTROL_OFFSET + (1 - end) * CONTROL_BYTES;
    }

    /**
     * Where the state of a grant of this end is.
     *
     * @param slot from 0 to {@link #GRANTS} - 1
     * @return an offset in {@link #all()}
     */
    public long myGrant(int slot) {
        return GRANTS_OFFSET + ((long) end * GRANTS + slot) * Long.BYTES;
    }

    /**
     * Where the state of a grant of the peer is.
     *
     * @param slot from 0 to {@link #GRANTS} - 1
     * @return an offset in {@link #all()}
     */
    public long theirGrant(int slot) {
        return GRANTS_OFFSET + ((1L - end) * GRANTS + slot) * Long.BYTES;
    }

    /**
     * The ring that this end reads.
     *
     * @return of {@link #inboundBytes()} capacity
     */
    public MemorySegment inbound() {
        return inbound;
    }

    /**
     * The ring that this end fills.
     *
     * @return of {@link #outboundBytes()} capacity
     */
    public MemorySegment outbound() {
        return outbound;
    }

    /**
     * The capacity of the ring that this end reads.
     *
     * @return bytes
     */
    public int inboundBytes() {
        return inboundBytes;
    }

    /**
     * The capacity of the ring that this end fills.
     *
     * @return bytes
     */
    public int outboundBytes() {
        return outboundBytes;
    }

    /** Begins another use; the caller has one. */
    public void retain() {
        users.incrementAndGet();
    }

    /**
     * Ends a use: at first the data plane and the control thread have one each. The last one unmaps.
     */
    public void release() {
        if (users.decrementAndGet() == 0) {
            arena.close();
        }
    }

    private static MemorySegment ring(MemorySegment all, int number, int[] ringBytes) {
        return all.asSlice(ringOffset(number, ringBytes), RingLayout.segmentBytes(ringBytes[number]));
    }

    private static long ringOffset(int number, int[] ringBytes) {
        long offset = RINGS_OFFSET;
        for (int i = 0; i < number; i++) {
            offset = roundUp(offset + RingLayout.segmentBytes(ringBytes[i]));
        }
        return offset;
    }

    private static long roundUp(long bytes) {
        long page = Mappings.pageBytes();
        return (bytes + page - 1) & -page;
    }
}
