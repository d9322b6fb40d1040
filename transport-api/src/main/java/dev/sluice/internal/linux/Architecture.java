package dev.sluice.internal.linux;

/**
 * What differs between the two supported architectures; everything else in this package is the same on both.
 * Source: the kernel's {@code arch/x86/include/uapi/asm} and {@code arch/arm64/include/uapi/asm} headers, epoll_ctl(2).
 */
enum Architecture {
    /** x86-64, where {@code struct epoll_event} is packed so that 32-bit programs share its layout. */
    X86_64(12, 4, 0x4000, 237, 324, 202, 45, 44, 47, 46),

    /** 64-bit Arm, with the natural layout and its own open flags. */
    AARCH64(16, 8, 0x10000, 235, 283, 98, 207, 206, 212, 211);

    /** The architecture of this JVM; x86-64 where neither is meant, which {@link NativeProbe} reports. */
    static final Architecture CURRENT = "aarch64".equals(System.getProperty("os.arch")) ? AARCH64 : X86_64;

    private final int epollEventBytes;

    private final int epollDataOffset;

    private final int directFlag;

    private final long mbindCall;

    private final long membarrierCall;

    private final long futexCall;

    private final long recvfromCall;

    private final long sendtoCall;

    private final long recvmsgCall;

    private final long sendmsgCall;

    Architecture(int epollEventBytes, int epollDataOffset, int directFlag, long mbindCall, long membarrierCall,
            long futexCall, long recvfromCall, long sendtoCall, long recvmsgCall, long sendmsgCall) {
        this.epollEventBytes = epollEventBytes;
        this.epollDataOffset = epollDataOffset;
        this.directFlag = directFlag;
        this.mbindCall = mbindCall;
        this.membarrierCall = membarrierCall;
        this.futexCall = futexCall;
        this.recvfromCall = recvfromCall;
        this.sendtoCall = sendtoCall;
        this.recvmsgCall = recvmsgCall;
        this.sendmsgCall = sendmsgCall;
    }

    /** {@code sizeof(struct epoll_event)}. */
    int epollEventBytes() {
        return epollEventBytes;
    }

    /** {@code offsetof(struct epoll_event, data)}. */
    int epollDataOffset() {
        return epollDataOffset;
    }

    /** {@code O_DIRECT}. */
    int directFlag() {
        return directFlag;
    }

    /** {@code SYS_mbind}. */
    long mbindCall() {
        return mbindCall;
    }

    /** {@code SYS_membarrier}. */
    long membarrierCall() {
        return membarrierCall;
    }

    /** {@code SYS_futex}. */
    long futexCall() {
        return futexCall;
    }

    /** {@code SYS_recvfrom}. */
    long recvfromCall() {
        return recvfromCall;
    }

    /** {@code SYS_sendto}. */
    long sendtoCall() {
        return sendtoCall;
    }

    /** {@code SYS_recvmsg}. */
    long recvmsgCall() {
        return recvmsgCall;
    }

    /** {@code SYS_sendmsg}. */
    long sendmsgCall() {
        return sendmsgCall;
    }
}
