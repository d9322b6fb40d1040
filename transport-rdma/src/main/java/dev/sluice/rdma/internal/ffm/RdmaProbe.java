package dev.sluice.rdma.internal.ffm;

import dev.sluice.Availability;
import dev.sluice.internal.linux.NativeAvailability;
import dev.sluice.internal.linux.NativeProbe;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds out whether RDMA can be used here and, where not, why and what helps. To be asked before any other class of this
 * package is used: those link in static initialisers, whose failures this turns into words. Any thread; throws nothing.
 * Asked anew each time, as devices come and go; a few milliseconds.
 */
public final class RdmaProbe {
    private static final String SCHEME = "rdma";

    private static final Path DEVICES = Path.of("/sys/class/infiniband");

    private static final Path CM_DEVICE = Path.of("/dev/infiniband/rdma_cm");

    private static final String INSTALL = "Install the distribution's RDMA user space: apt-get install libibverbs1"
            + " ibverbs-providers librdmacm1, or dnf install libibverbs librdmacm";

    private static final String ADD_DEVICE = "Without an adapter use soft-RoCE: modprobe rdma_rxe, then rdma link add rxe0"
            + " type rxe netdev eth0 (your interface)";

    private RdmaProbe() {}

    /**
     * The answer.
     *
     * @return available when a device with an active port can be used by the connection manager
     */
    public static Availability availability() {
        NativeAvailability linux = NativeProbe.availability();
        if (!linux.isAvailable()) {
            return missing(linux.cause(), linux.remedy());
        }
        Availability libraries = libraries();
        return libraries.isAvailable() ? devices(DEVICES, CM_DEVICE) : libraries;
    }

    private static Availability libraries() {
        for (Class<?> binding : List.of(Verbs.class, CqEvents.class, DeviceCalls.class, ConnectionManager.class)) {
            try {
                MethodHandles.lookup().ensureInitialized(binding);
            } catch (LinkageError failed) {
                Throwable cause = failed.getCause() == null ? failed : failed.getCause();
                return missing("the RDMA libraries cannot be used: " + cause.getMessage(), INSTALL);
            } catch (IllegalAccessException impossible) {
                throw new AssertionError(binding + " is in this package", impossible);
            }
        }
        return Availability.available(SCHEME);
    }

    /** What sysfs and the device files say, before the libraries are asked. */
    static Availability devices(Path devices, Path cmDevice) {
        List<String> names = list(devices);
        if (names.isEmpty()) {
            return missing("the kernel has no RDMA device (" + devices + " is empty or absent)", ADD_DEVICE);
        }
        if (!Files.exists(cmDevice)) {
            return missing("the kernel's RDMA connection manager is not loaded, there is no " + cmDevice,
                    "modprobe rdma_ucm; in a container pass the folder /dev/infiniband");
        }
        if (!Files.isReadable(cmDevice) || !Files.isWritable(cmDevice)) {
            return missing("this user may not open " + cmDevice,
                    "Give the user access to /dev/infiniband, as rdma-core's udev rules do");
        }
        return usable(names);
    }

    private static Availability usable(List<String> kernelNames) {
        List<String> down = new ArrayList<>();
        try {
            for (FfmContext device : FfmProvider.install().openCm().devices()) {
                for (int port = 1; port <= device.queryDevice().ports(); port++) {
                    PortAttributes attributes = device.queryPort(port);
                    if (attributes.isActive()) {
                        return Availability.available(SCHEME);
                    }
                    down.add(device.deviceName() + " port " + port + " is " + attributes.state());
                }
            }
        } catch (IOException failed) {
            return missing("no RDMA device can be opened, though the kernel has " + kernelNames + ": "
                    + failed.getMessage(), INSTALL);
        }
        return missing("no RDMA port is active: " + String.join(", ", down),
                "Bring the link up (ip link set dev INTERFACE up) and check the cable");
    }

    private static List<String> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(each -> each.getFileName().toString()).sorted().toList();
        } catch (IOException absent) {
            // No folder and an unreadable one mean the same here: no device that this process can use.
            return List.of();
        }
    }

    private static Availability missing(String cause, String remedy) {
        return Availability.unavailable(SCHEME, cause, remedy);
    }
}
