package dev.sluice.internal.linux;

/**
 * The calls that are made by their numbers. Source: the kernel's {@code arch/x86/entry/syscalls/syscall_64.tbl} and
 * {@code include/uapi/asm-generic/unistd.h}, which 64-bit Arm uses.
 */
enum SystemCall {
    RECVFROM(45, 207),

    SENDTO(44, 206),

    SENDMSG(46, 211),

    RECVMSG(47, 212),

    FUTEX(202, 98),

    MBIND(237, 235),

    MEMBARRIER(324, 283),

    /** Called by number because C libraries before glibc 2.35 lack it. */
    EPOLL_PWAIT2(441, 441),

    /** Linux 6.5. */
    CACHESTAT(451, 451);

    private final long onX86;

    private final long onArm;

    SystemCall(long onX86, long onArm) {
        this.onX86 = onX86;
        this.onArm = onArm;
    }

    /** {@code SYS_} and its name, here. */
    long number() {
        return number(Architecture.CURRENT);
    }

    /** The same on an architecture. */
    long number(Architecture on) {
        return on == Architecture.AARCH64 ? onArm : onX86;
    }
}
