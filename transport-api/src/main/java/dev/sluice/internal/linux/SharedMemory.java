package dev.sluice.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Memory that processes share by a descriptor and never by a name: memfd_create(2). Its pages are there before anybody maps
 * it and it can neither shrink nor grow any more, so that no access to a mapping of it ends in SIGBUS.
 */
public final class SharedMemory {
    private static final int MFD_CLOEXEC = 1;

    private static final int MFD_ALLOW_SEALING = 2;

    private static final int MFD_HUGETLB = 4;

    private static final int MFD_HUGE_2MB = 21 << 26;

    /** How large those pages are. */
    public static final long HUGE_PAGE_BYTES = 2L << 20;

    private static final int NO_NODE = -1;

    private static final int F_ADD_SEALS = 1033;

    private static final int F_GET_SEALS = 1034;

    private static final int F_SEAL_SEAL = 1;

    private static final int F_SEAL_SHRINK = 2;

    private static final int F_SEAL_GROW = 4;

    /** What keeps a mapping safe; {@code F_SEAL_SEAL} besides keeps a third party from sealing it against writing. */
    private static final int SIZE_SEALS = F_SEAL_SHRINK | F_SEAL_GROW;

    private static final int MPOL_BIND = 2;

    private static final int MAX_NODES = 64;

    /** Seen in /proc/self/maps and /proc/self/fd; no name in any file system. */
    private static final String NAME = "sluice";

    private static final MethodHandle MEMFD_CREATE = Libc.link("memfd_create", Libc.INT, Libc.POINTER, Libc.INT);

    private static final MethodHandle MBIND = Libc.linkVariadic("syscall", 1, Libc.LONG, Libc.LONG, Libc.POINTER,
            Libc.LONG, Libc.LONG, Libc.POINTER, Libc.LONG, Libc.LONG);

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

    private SharedMemory() {}

    /**
     * Makes memory.
     *
     * @param ctx
     *            the calling thread's context
     * @param bytes
     *            a multiple of the page size
     * @return a descriptor; its pages are allocated and zero, its size is sealed
     * @throws ErrnoException
     *             with ENOSPC or ENOMEM when the system has not so much, EMFILE when no descriptor is left
     */
    public static int create(NativeContext ctx, long bytes) throws ErrnoException {
        return createOnNode(ctx, bytes, NO_NODE);
    }

    /**
     * Makes memory on one NUMA node: its pages are bound before they are allocated.
     *
     * @param ctx
     *            the calling thread's context
     * @param bytes
     *            a multiple of the page size
     * @param node
     *            the node; below 0 leaves it to the kernel
     * @return as {@link #create(NativeContext, long)}
     * @throws ErrnoException
     *             also with EINVAL when there is no such node
     */
    public static int createOnNode(NativeContext ctx, long bytes, int node) throws ErrnoException {
        requireFree(bytes);
        return make(ctx, bytes, node, 0);
    }

    /**
     * Makes memory out of reserved huge pages (vm.nr_hugepages).
     *
     * @param ctx
     *            the calling thread's context
     * @param bytes
     *            a multiple of {@link #HUGE_PAGE_BYTES}
     * @param node
     *            as for {@link #createOnNode}
     * @return as {@link #create(NativeContext, long)}
     * @throws ErrnoException
     *             with ENOSPC or ENOMEM when not so many are reserved and free, EINVAL or ENODEV when the kernel has none
     *             of that size
     */
    public static int createHuge(NativeContext ctx, long bytes, int node) throws ErrnoException {
        return make(ctx, bytes, node, MFD_HUGETLB | MFD_HUGE_2MB);
    }

    private static int make(NativeContext ctx, long bytes, int node, int flags) throws ErrnoException {
        int fd = unsealed(ctx, flags);
        boolean done = false;
        try {
            check("ftruncate", FileCalls.truncate(ctx, fd, bytes));
            fill(ctx, fd, bytes, node);
            check("sealing", FileDescriptors.fcntl(ctx, fd, F_ADD_SEALS, SIZE_SEALS | F_SEAL_SEAL));
            done = true;
            return fd;
        } finally {
            if (!done) {
                FileDescriptors.close(ctx, fd);
            }
        }
    }

    private static void fill(NativeContext ctx, int fd, long bytes, int node) throws ErrnoException {
        if (node < 0) {
            check("fallocate of " + bytes + " bytes", allocate(ctx, fd, bytes));
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment all = map(ctx, fd, 0, bytes, true, arena);
            // The policy of a shared mapping belongs to the file's pages, whoever allocates them later.
            check("mbind to node " + node, (int) bind(ctx, all, node));
            check("fallocate of " + bytes + " bytes", allocate(ctx, fd, bytes));
        }
    }

    /**
     * Looks at a descriptor that another process sent.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param atLeastBytes
     *            how much of it will be mapped
     * @return why it must not be mapped; null when it may
     */
    public static String refusal(NativeContext ctx, int fd, long atLeastBytes) {
        int seals = FileDescriptors.fcntl(ctx, fd, F_GET_SEALS, 0);
        if (seals < 0) {
            return "it is no memory file: " + Errno.describe(-seals);
        }
        if ((seals & SIZE_SEALS) != SIZE_SEALS) {
            return "it is not sealed against shrinking and growing";
        }
        long size = FileCalls.size(ctx, fd);
        return size < atLeastBytes ? "it has " + size + " bytes, less than " + atLeastBytes : null;
    }

    /**
     * Maps, with the pages already in this process's tables where the kernel can.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor; may be closed afterwards
     * @param position
     *            a multiple of the page size
     * @param bytes
     *            how much
     * @param writable
     *            false maps it read-only, so that a write of whatever code ends in a fault
     * @param arena
     *            unmaps when it is closed
     * @return the memory
     * @throws ErrnoException
     *             with ENOMEM when the process has too many mappings
     */
    public static MemorySegment map(NativeContext ctx, int fd, long position, long bytes, boolean writable, Arena arena)
            throws ErrnoException {
        int protection = Mappings.PROT_READ | (writable ? Mappings.PROT_WRITE : 0);
        long address = Mappings.map(ctx, 0, bytes, protection, Mappings.MAP_SHARED, fd, position);
        if (address < 0) {
            throw new ErrnoException("mmap of " + bytes + " shared bytes", (int) -address);
        }
        MemorySegment all = Libc.view(address, bytes, arena, SharedMemory::unmap);
        return writable ? all : all.asReadOnly();
    }

    /**
     * Makes a range of a mapping this process's own: what others write to the shared pages from now on is not seen here any
     * more, what is there now stays, and no store of another thread of this process is lost. The kernel copies each page at
     * the first store to it after the change, which is one made here if nobody else is faster; it adds zero.
     *
     * @param ctx
     *            the calling thread's context
     * @param mapping
     *            a writable mapping of the descriptor from its first byte on
     * @param fd
     *            the descriptor
     * @param position
     *            where the range begins, a multiple of the page size
     * @param bytes
     *            a multiple of the page size
     * @throws ErrnoException
     *             with ENOMEM when there is no memory for the copy
     */
    public static void makePrivate(NativeContext ctx, MemorySegment mapping, int fd, long position, long bytes)
            throws ErrnoException {
        long address = Mappings.map(ctx, mapping.address() + position, bytes, Mappings.PROT_READ | Mappings.PROT_WRITE,
                Mappings.MAP_PRIVATE | Mappings.MAP_FIXED, fd, position);
        if (address < 0) {
            throw new ErrnoException("mmap of a private copy of " + bytes + " bytes", (int) -address);
        }
        for (long at = position; at < position + bytes; at += Mappings.pageBytes()) {
            WORD.getAndAdd(mapping, at, 0L);
        }
    }

    private static void requireFree(long bytes) throws ErrnoException {
        long free = FreeMemory.ofThisMachine().bytes();
        if (bytes > free) {
            throw new ErrnoException("taking " + bytes + " bytes of shared memory where " + free + " are free",
                    Errno.ENOMEM);
        }
    }

    private static int unsealed(NativeContext ctx, int flags) throws ErrnoException {
        ctx.scratch().setString(0, NAME);
        int fd;
        try {
            fd = ctx.result((int) MEMFD_CREATE.invokeExact(ctx.capture(), ctx.scratchAddress(),
                    MFD_CLOEXEC | MFD_ALLOW_SEALING | flags));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
        check("memfd_create", fd);
        return fd;
    }

    /** A signal may end fallocate(2) of much memory; what it had allocated stays, so that trying again comes further. */
    private static int allocate(NativeContext ctx, int fd, long bytes) {
        int result = FileCalls.allocate(ctx, fd, 0, bytes);
        while (result == -Errno.EINTR) {
            result = FileCalls.allocate(ctx, fd, 0, bytes);
        }
        return result;
    }

    private static long bind(NativeContext ctx, MemorySegment memory, int node) {
        if (node < 0 || node >= MAX_NODES) {
            return -Errno.EINVAL;
        }
        ctx.scratchLong(0, 1L << node);
        try {
            // One more than the bits of the mask: the kernel takes one off.
            return ctx.result((long) MBIND.invokeExact(ctx.capture(), SystemCall.MBIND.number(),
                    memory.address(), memory.byteSize(), (long) MPOL_BIND, ctx.scratchAddress(), MAX_NODES + 1L, 0L));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    private static void unmap(MemorySegment all) {
        int result = Mappings.unmap(new NativeContext(), all.address(), all.byteSize());
        if (result < 0) {
            throw new IllegalStateException("munmap of shared memory failed: " + Errno.describe(-result));
        }
    }

    private static void check(String call, int result) throws ErrnoException {
        if (result < 0) {
            throw new ErrnoException(call, -result);
        }
    }
}
