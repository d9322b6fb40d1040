package dev.sluice.internal.linux;

/**
 * What differs between the two supported architectures, but for the numbers of {@link SystemCall}; everything else in this
 * package is the same on both.
 * Source: the kernel's {@code arch/x86/include/uapi/asm} and {@code arch/arm64/include/uapi/asm} headers, epoll_ctl(2).
 */
enum Architecture {
    /** x86-64, where {@code struct epoll_event} is packed so that 32-bit programs share its layout. */
    X86_64(12, 4, 0x4000),

    /** 64-bit Arm, with the natural layout and its own open flags. */
    AARCH64(16, 8, 0x10000);

    /** The architecture of this JVM; x86-64 where neither is meant, which {@link NativeProbe} reports. */
    static final Architecture CURRENT = "aarch64".equals(System.getProperty("os.arch")) ? AARCH64 : X86_64;

    private final int epollEventBytes;

    private final int epollDataOffset;

    private final int directFlag;

    Architecture(int epollEventBytes, int epollDataOffset, int directFlag) {
        this.epollEventBytes = epollEventBytes;
        this.epollDataOffset = epollDataOffset;
        this.directFlag = directFlag;
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
}
