package dev.sluice.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * One message over a unix socket that may carry descriptors, sendmsg(2), recvmsg(2) and SCM_RIGHTS of unix(7). Reusable; one
 * thread at a time. Whatever arrives is closed on exec, and belongs to the caller as soon as {@link #receive} has returned.
 */
public final class DescriptorMessage {
    /** The most descriptors that one message carries here. */
    public static final int MAX_DESCRIPTORS = 8;

    private static final int MSG_CTRUNC = 8;

    private static final int MSG_TRUNC = 0x20;

    private static final int MSG_CMSG_CLOEXEC = 0x4000_0000;

    private static final int SCM_RIGHTS = 1;

    /** {@code struct msghdr}: name, its length, vectors, their count, control, its length, flags. */
    static final int HEADER_BYTES = 56;

    static final int HEADER_VECTORS = 16;

    static final int HEADER_COUNT = 24;

    static final int HEADER_CONTROL = 32;

    static final int HEADER_CONTROL_LENGTH = 40;

    static final int HEADER_FLAGS = 48;

    private static final int VECTOR = HEADER_BYTES;

    private static final int CONTROL = VECTOR + 16;

    /** {@code struct cmsghdr}: length, level, type; then the data. */
    static final int CONTROL_LEVEL = 8;

    static final int CONTROL_TYPE = 12;

    static final int CONTROL_DATA = 16;

    private static final int CONTROL_BYTES = CONTROL_DATA + MAX_DESCRIPTORS * Integer.BYTES;

    private static final MethodHandle SENDMSG = Libc.link("sendmsg", Libc.LONG, Libc.INT, Libc.POINTER, Libc.INT);

    private static final MethodHandle RECVMSG = Libc.link("recvmsg", Libc.LONG, Libc.INT, Libc.POINTER, Libc.INT);

    private final MemorySegment memory;

    /** What came with the last message received; its own, since {@link #send} uses the same structures. */
    private final int[] received = new int[MAX_DESCRIPTORS];

    private int count;

    private boolean truncated;

    /**
     * Empty.
     *
     * @param arena
     *            keeps the structures
     */
    public DescriptorMessage(Arena arena) {
        memory = arena.allocate(CONTROL + CONTROL_BYTES, Long.BYTES);
    }

    /**
     * Sends. The descriptors stay open here.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the socket
     * @param payload
     *            native memory
     * @param lengthBytes
     *            at least 1
     * @param descriptors
     *            up to {@link #MAX_DESCRIPTORS}
     * @return the bytes sent, all of them, or minus the errno
     */
    public long send(NativeContext ctx, int fd, MemorySegment payload, long lengthBytes, int... descriptors) {
        header(payload, lengthBytes, descriptors.length == 0 ? 0 : CONTROL_DATA + 4L * descriptors.length);
        memory.set(ValueLayout.JAVA_LONG, CONTROL, CONTROL_DATA + 4L * descriptors.length);
        memory.set(ValueLayout.JAVA_INT, CONTROL + CONTROL_LEVEL, SocketOptions.SOL_SOCKET);
        memory.set(ValueLayout.JAVA_INT, CONTROL + CONTROL_TYPE, SCM_RIGHTS);
        for (int i = 0; i < descriptors.length; i++) {
            memory.set(ValueLayout.JAVA_INT, CONTROL + CONTROL_DATA + 4L * i, descriptors[i]);
        }
        try {
            return ctx.result((long) SENDMSG.invokeExact(ctx.capture(), fd, memory.address(), SocketIo.MSG_NOSIGNAL));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Receives one message.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the socket
     * @param buffer
     *            native memory
     * @return its bytes, 0 at the end of the stream, or minus the errno
     */
    public long receive(NativeContext ctx, int fd, MemorySegment buffer) {
        header(buffer, buffer.byteSize(), CONTROL_BYTES);
        count = 0;
        long result;
        try {
            result = ctx.result((long) RECVMSG.invokeExact(ctx.capture(), fd, memory.address(), MSG_CMSG_CLOEXEC));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
        truncated = (memory.get(ValueLayout.JAVA_INT, HEADER_FLAGS) & (MSG_TRUNC | MSG_CTRUNC)) != 0;
        boolean rights = result >= 0 && memory.get(ValueLayout.JAVA_LONG, HEADER_CONTROL_LENGTH) > CONTROL_DATA
                && memory.get(ValueLayout.JAVA_INT, CONTROL + CONTROL_LEVEL) == SocketOptions.SOL_SOCKET
                && memory.get(ValueLayout.JAVA_INT, CONTROL + CONTROL_TYPE) == SCM_RIGHTS;
        if (rights) {
            long bytes = memory.get(ValueLayout.JAVA_LONG, CONTROL) - CONTROL_DATA;
            count = Math.clamp(bytes / Integer.BYTES, 0, MAX_DESCRIPTORS);
            MemorySegment.copy(memory, ValueLayout.JAVA_INT, CONTROL + CONTROL_DATA, received, 0, count);
        }
        return result;
    }

    /**
     * Whether the last message was longer than the buffer, or carried more descriptors than fit; those are closed.
     *
     * @return true when something is missing
     */
    public boolean isTruncated() {
        return truncated;
    }

    /**
     * How many descriptors came with the last message.
     *
     * @return a count
     */
    public int count() {
        return count;
    }

    /**
     * Takes a descriptor out of the last message; from then on {@link #closeRest} leaves it alone.
     *
     * @param index
     *            from 0 to {@link #count()} - 1
     * @return the descriptor, -1 when taken already
     */
    public int take(int index) {
        int fd = received[index];
        received[index] = -1;
        return fd;
    }

    /**
     * Closes what nobody took: a peer may attach descriptors to anything.
     *
     * @param ctx
     *            the calling thread's context
     */
    public void closeRest(NativeContext ctx) {
        for (int i = 0; i < count; i++) {
            int fd = take(i);
            if (fd >= 0) {
                FileDescriptors.close(ctx, fd);
            }
        }
        count = 0;
    }

    private void header(MemorySegment payload, long lengthBytes, long controlBytes) {
        memory.set(ValueLayout.JAVA_LONG, HEADER_VECTORS, memory.address() + VECTOR);
        memory.set(ValueLayout.JAVA_LONG, HEADER_COUNT, 1);
        memory.set(ValueLayout.JAVA_LONG, HEADER_CONTROL, controlBytes == 0 ? 0 : memory.address() + CONTROL);
        memory.set(ValueLayout.JAVA_LONG, HEADER_CONTROL_LENGTH, controlBytes);
        memory.set(ValueLayout.JAVA_INT, HEADER_FLAGS, 0);
        memory.set(ValueLayout.JAVA_LONG, VECTOR, payload.address());
        memory.set(ValueLayout.JAVA_LONG, VECTOR + Long.BYTES, lengthBytes);
    }
}
