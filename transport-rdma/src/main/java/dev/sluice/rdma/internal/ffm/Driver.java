package dev.sluice.rdma.internal.ffm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** What stands behind a device. */
public enum Driver {
    /** A host channel adapter whose driver posts from user space. */
    HARDWARE,
    /** Soft-RoCE: the kernel's {@code rdma_rxe} over a plain network interface. */
    RXE,
    /** Soft-iWARP: the kernel's {@code siw} over a plain network interface. */
    SIW,
    /** Anything else; treated as software, so that no post delays the garbage collector. */
    OTHER;

    /** {@code RXE_VENDOR_ID} of the kernel. */
    private static final int RXE_VENDOR = 0xFFFFFF;

    /** {@code SIW_VENDOR_ID} of the kernel, the letters bmt. */
    private static final int SIW_VENDOR = 0x626d74;

    /** Kernel drivers of adapters whose user-space providers post by writing to mapped registers. */
    private static final Set<String> POST_FROM_USER_SPACE = Set.of("mlx5_core", "mlx4_core", "bnxt_en", "ice", "i40e",
            "irdma", "cxgb4", "hns3", "efa", "qede", "erdma");

    /**
     * Recognises a device.
     *
     * @param name its name
     * @param attributes its attributes
     * @return what it is
     */
    static Driver of(String name, DeviceAttributes attributes) {
        if (attributes.vendorId() == RXE_VENDOR) {
            return RXE;
        }
        if (attributes.vendorId() == SIW_VENDOR) {
            return SIW;
        }
        Path link = Path.of("/sys/class/infiniband", name, "device", "driver");
        try {
            boolean known = Files.exists(link)
                    && POST_FROM_USER_SPACE.contains(link.toRealPath().getFileName().toString());
            return known ? HARDWARE : OTHER;
        } catch (IOException unreadable) {
            // sysfs may be hidden in a container; the careful answer costs a few nanoseconds a post.
            return OTHER;
        }
    }
}
