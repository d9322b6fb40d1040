package dev.sluice.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.Subject;
import dev.sluice.testkit.peer.PeerMain;
import org.junit.jupiter.api.Test;

import java.net.URI;

/** A far role listens on the host where it runs, which is not the same for each test of a run over two hosts. */
class FarHostTest {

    private static final Subject TCP = Subject.of("tcp:///", "tcp://127.0.0.1:0");
    private static final String RUNNING = "127.0.0.2:7070";

    @Test
    void shouldListenOnTheOtherHostWhenTheFarRoleRunsThere() {
        assertThat(FarHost.listen(TCP, PeerMain.address(RUNNING), RUNNING)).isEqualTo(URI.create("tcp://127.0.0.2:0"));
    }

    @Test
    void shouldListenOnTheOtherHostWhenItsAddressIsIpv6() {
        assertThat(FarHost.listen(TCP, PeerMain.address("[::1]:7070"), "[::1]:7070"))
                .isEqualTo(URI.create("tcp://[0:0:0:0:0:0:0:1]:0"));
    }

    @Test
    void shouldListenAsTheSubjectSaysWhenATestHasAFarProcessOfItsOwn() {
        assertThat(FarHost.listen(TCP, PeerMain.address("127.0.0.1:7070"), RUNNING)).isEqualTo(TCP.listen());
        assertThat(FarHost.listen(TCP, PeerMain.address("127.0.0.2:7071"), RUNNING)).isEqualTo(TCP.listen());
    }

    @Test
    void shouldListenAsTheSubjectSaysWhenNoOtherHostIsNamed() {
        assertThat(FarHost.listen(TCP, PeerMain.address("127.0.0.2:7070"), "")).isEqualTo(TCP.listen());
    }

    @Test
    void shouldListenAsTheSubjectSaysWhenItNamesAPathAndNotAPort() {
        Subject path = Subject.of("shm:///", "shm:///somewhere");
        assertThat(FarHost.listen(path, PeerMain.address(RUNNING), RUNNING)).isEqualTo(path.listen());
    }
}
