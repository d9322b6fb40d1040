package dev.sluice.rdma.internal.ffm;

import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.ResourceLimits;

/** What to do about the errors that verbs and the connection manager report. */
final class Remedies {
    private static final int ENODEV = 19;

    private static final int EADDRNOTAVAIL = 99;

    private static final int ENETUNREACH = 101;

    private static final int EOPNOTSUPP = 95;

    private static final int EHOSTUNREACH = 113;

    private Remedies() {}

    /**
     * Advice.
     *
     * @param function the C function that failed
     * @param errno the error number, positive
     * @return a sentence, or nothing when there is nothing to advise
     */
    static String of(String function, int errno) {
        return switch (errno) {
            case Errno.ENOMEM, Errno.EAGAIN -> lockedMemory();
            case Errno.EINVAL -> invalid(function);
            case Errno.EPERM, Errno.EACCES ->
                "Give this user access to /dev/infiniband (rdma_cm and uverbs*), on Debian by"
                        + " rdma-core's udev rules; in a container pass these devices";
            case Errno.ENOENT, Errno.ENOSYS, EOPNOTSUPP -> "The device or its driver lacks this; compare with"
                    + " ibv_devinfo -v, and load the modules (modprobe rdma_ucm)";
            case ENODEV, EADDRNOTAVAIL -> "No RDMA device has this address: rdma link shows the devices, ip addr the"
                    + " addresses; RoCE needs the address on the device's own network interface";
            case Errno.EADDRINUSE -> "Another listener has this port: choose another one, or 0 for any";
            case ENETUNREACH, EHOSTUNREACH, Errno.ETIMEDOUT -> "Check the address, the route and the firewalls between"
                    + " (RoCE v2 is UDP port 4791 both ways)";
            case Errno.EMFILE -> "Raise the limit of open files (ulimit -n)";
            default -> "";
        };
    }

    private static String invalid(String function) {
        return switch (function) {
            case "ibv_reg_mr" -> "The memory must be mapped, writable where a right writes, and not above the device's"
                    + " max_mr_size";
            case "rdma_create_qp", "ibv_create_cq", "ibv_create_srq" ->
                "A size is above the device's limit: ibv_devinfo"
                        + " -v shows max_qp_wr, max_sge and max_cqe";
            default -> "";
        };
    }

    private static String lockedMemory() {
        long limit = ResourceLimits.soft(new NativeContext(), ResourceLimits.RLIMIT_MEMLOCK);
        String now = limit == Long.MAX_VALUE
                ? "RLIMIT_MEMLOCK is unlimited, so the device or the machine is short of memory or of keys"
                : "RLIMIT_MEMLOCK is " + limit + " bytes";
        return now + ". Raise it (ulimit -l, or LimitMEMLOCK=infinity in a systemd unit, or memlock in"
                + " /etc/security/limits.conf), or register less";
    }
}
