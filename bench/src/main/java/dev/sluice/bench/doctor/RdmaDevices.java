package dev.sluice.bench.doctor;

import dev.sluice.bench.report.KernelText;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The RDMA devices, from /sys under a root that tests replace: their ports, what packets may hold, their addresses. */
final class RdmaDevices {

    private static final String NONE = "without an adapter use soft-RoCE: modprobe rdma_rxe, then rdma link add rxe0 type "
            + "rxe netdev eth0 (your interface); infra/rxe/README.md says more";
    /** What soft-RoCE leaves of a packet for headers; adapters need less. */
    private static final int HEADER_BYTES = 80;
    private static final int SMALLEST_MTU = 256;
    private static final int LARGEST_MTU = 4096;

    private final Path root;

    RdmaDevices(Path root) {
        this.root = root;
    }

    /** Three lines for each port; one that says how to get a device where there is none. */
    List<Finding> examine() {
        List<Finding> findings = new ArrayList<>();
        for (Path device : sorted(root.resolve("sys/class/infiniband"))) {
            for (Path port : sorted(device.resolve("ports"))) {
                String name = device.getFileName() + " port " + port.getFileName();
                List<Gid> gids = gids(port);
                findings.add(state(name, port, interfaceOf(gids)));
                mtu(name, gids).ifPresent(findings::add);
                findings.add(addresses(name, gids));
            }
        }
        return findings.isEmpty() ? List.of(Finding.note("RDMA devices", "none", NONE)) : findings;
    }

    private static Finding state(String name, Path port, String netInterface) {
        String state = afterColon(KernelText.read(port.resolve("state")));
        String found = state + ", " + KernelText.read(port.resolve("link_layer")) + ", "
                + KernelText.read(port.resolve("rate"));
        return state.equals("ACTIVE")
                ? Finding.ok("RDMA " + name, found)
                : Finding.note("RDMA " + name, found, "bring the link up: ip link set dev "
                        + (netInterface.isEmpty() ? "INTERFACE" : netInterface) + " up, and look at the cable");
    }

    /** RDMA's own MTU follows from that of the network interface; InfiniBand has none. */
    private Optional<Finding> mtu(String name, List<Gid> gids) {
        String netInterface = interfaceOf(gids);
        String text = KernelText.read(root.resolve("sys/class/net/" + netInterface + "/mtu"));
        if (netInterface.isEmpty() || !text.matches("\\d{1,9}")) {
            return Optional.empty();
        }
        int packet = rdmaMtu(Integer.parseInt(text));
        String found = packet + " bytes in a packet, as " + netInterface + " has MTU " + text;
        return Optional.of(packet == LARGEST_MTU
                ? Finding.ok("RDMA " + name + ", MTU", found)
                : Finding.note("RDMA " + name + ", MTU", found,
                        "where each switch on the way passes it: ip link set dev "
                                + netInterface + " mtu 4260"));
    }

    private static int rdmaMtu(int interfaceMtu) {
        int packet = LARGEST_MTU;
        while (packet > SMALLEST_MTU && packet + HEADER_BYTES > interfaceMtu) {
            packet /= 2;
        }
        return packet;
    }

    private static Finding addresses(String name, List<Gid> gids) {
        String what = "RDMA " + name + ", addresses";
        List<String> all = gids.stream().map(Gid::toString).toList();
        boolean routable = gids.stream().anyMatch(gid -> !gid.isLinkLocal());
        boolean ethernet = gids.stream().anyMatch(gid -> !gid.netInterface.isEmpty());
        if (routable || (!ethernet && !gids.isEmpty())) {
            return Finding.ok(what, String.join("; ", all));
        }
        return Finding.note(what, all.isEmpty() ? "none" : String.join("; ", all),
                "give the interface an IP address before anything else: ip addr add 192.0.2.1/24 dev INTERFACE");
    }

    private static String interfaceOf(List<Gid> gids) {
        return gids.stream().map(gid -> gid.netInterface).filter(each -> !each.isEmpty()).findFirst().orElse("");
    }

    private static List<Gid> gids(Path port) {
        List<Gid> found = new ArrayList<>();
        for (Path entry : sorted(port.resolve("gids"))) {
            String index = entry.getFileName().toString();
            String value = KernelText.read(entry);
            if (!value.isEmpty() && !value.matches("[0:]*")) {
                found.add(new Gid(index, value, KernelText.read(port.resolve("gid_attrs/types/" + index)),
                        KernelText.read(port.resolve("gid_attrs/ndevs/" + index))));
            }
        }
        return found;
    }

    private static String afterColon(String text) {
        return text.substring(text.indexOf(':') + 1).trim();
    }

    /** By length first, so that 10 comes after 9. */
    private static List<Path> sorted(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted((a, b) -> {
                String left = a.getFileName().toString();
                String right = b.getFileName().toString();
                return left.length() == right.length() ? left.compareTo(right) : left.length() - right.length();
            }).toList();
        } catch (IOException absent) {
            return List.of(); // no device, or a container that hides them: the same to whoever wants to use one
        }
    }

    /** An entry of a port's table of addresses, as sysfs tells it. */
    private record Gid(String index, String value, String type, String netInterface) {

        private static final String IPV4 = "0000:0000:0000:0000:0000:ffff:";

        boolean isLinkLocal() {
            return value.startsWith("fe80:");
        }

        private String address() {
            if (!value.startsWith(IPV4)) {
                return value;
            }
            int bits = Integer.parseUnsignedInt(value.substring(IPV4.length()).replace(":", ""), 16);
            return (bits >>> 24) + "." + (bits >> 16 & 0xFF) + "." + (bits >> 8 & 0xFF) + "." + (bits & 0xFF);
        }

        @Override
        public String toString() {
            return "gid " + index + " " + address() + (type.isEmpty() ? "" : ", " + type)
                    + (netInterface.isEmpty() ? "" : ", " + netInterface);
        }
    }
}
