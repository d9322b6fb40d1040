package dev.sluice.bench.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

final class RdmaDevicesTest {

    private static final String PORT = "sys/class/infiniband/rxe0/ports/1/";

    @TempDir
    private Path root;

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
    }

    private void gid(int index, String value) throws IOException {
        file(PORT + "gids/" + index, value);
        file(PORT + "gid_attrs/types/" + index, "RoCE v2");
        file(PORT + "gid_attrs/ndevs/" + index, "eth0");
    }

    private void device(String state, String mtu) throws IOException {
        file(PORT + "state", state);
        file(PORT + "link_layer", "Ethernet");
        file(PORT + "rate", "2.5 Gb/sec (1X)");
        file("sys/class/net/eth0/mtu", mtu);
        file(PORT + "gids/2", "0000:0000:0000:0000:0000:0000:0000:0000");
        gid(0, "fe80:0000:0000:0000:5054:00ff:fe00:0001");
    }

    private List<Finding> examine() {
        return new RdmaDevices(root).examine();
    }

    @Test
    void shouldSayHowToGetADeviceWhenThereIsNone() {
        assertThat(examine()).singleElement().satisfies(finding -> {
            assertThat(finding.found()).isEqualTo("none");
            assertThat(finding.remedy()).contains("rdma link add rxe0 type rxe");
        });
    }

    @Test
    void shouldBeContentWithAnActivePortOfJumboFramesAndAnAddress() throws IOException {
        device("4: ACTIVE", "4260");
        gid(10, "0000:0000:0000:0000:0000:ffff:0a4d:00ff");

        assertThat(examine()).extracting(Finding::verdict).containsOnly(Finding.Verdict.OK);
        assertThat(examine()).extracting(Finding::found).containsExactly("ACTIVE, Ethernet, 2.5 Gb/sec (1X)",
                "4096 bytes in a packet, as eth0 has MTU 4260",
                "gid 0 fe80:0000:0000:0000:5054:00ff:fe00:0001, RoCE v2, eth0; gid 10 10.77.0.255, RoCE v2, eth0");
    }

    @Test
    void shouldAdviseOnEachThingThatIsOff() throws IOException {
        device("1: DOWN", "1500");

        assertThat(examine()).extracting(Finding::verdict).containsOnly(Finding.Verdict.NOTE);
        assertThat(examine()).extracting(Finding::remedy).satisfiesExactly(
                state -> assertThat(state).contains("ip link set dev eth0 up"),
                mtu -> assertThat(mtu).contains("ip link set dev eth0 mtu 4260"),
                address -> assertThat(address).contains("ip addr add"));
        assertThat(examine().get(1).found()).startsWith("1024 bytes");
    }
}
