package dev.sluice.rdma.internal.ffm;

import static dev.sluice.rdma.internal.ffm.CmConstants.RDMA_CM_EVENT_CONNECT_REQUEST;
import static dev.sluice.rdma.internal.ffm.CmConstants.RDMA_CM_EVENT_DISCONNECTED;
import static dev.sluice.rdma.internal.ffm.CmConstants.RDMA_CM_EVENT_REJECTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.rdma.internal.ffm.Loopback.Pair;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Connections of a real device, one thread for both ends; skipped where there is none. */
@Tag("rdma")
final class CmSystemTest {
    private static final int REFUSED_BY_PROGRAM = 28;

    @Test
    void shouldCarryPrivateDataBothWays() throws Exception {
        try (Loopback here = Loopback.open()) {
            byte[] request = new byte[FfmConnParam.MAX_PRIVATE_DATA_BYTES];
            Arrays.fill(request, (byte) 0x5A);
            byte[] answer = "the answer".getBytes(StandardCharsets.US_ASCII);
            Pair pair = here.connect(true, null, request, answer);
            assertThat(pair.asked().privateData()).startsWith(request);
            assertThat(pair.answered().privateData()).startsWith(answer);
            assertThat(pair.asked().status()).isZero();
            assertThat(pair.asked().listener()).isPresent();
            assertThat(pair.asked().responderResources()).isEqualTo(4);
            assertThat(pair.near().id.getVerbs()).isSameAs(here.device);
            assertThat(pair.near().id.devicePort()).isEqualTo(1);
            assertThat(pair.near().id.getSource().getAddress()).isEqualTo(here.address(true));
            assertThat(pair.far().id.getDestination().getPort()).isEqualTo(pair.near().id.getSource().getPort());
        }
    }

    @Test
    void shouldRefuseMorePrivateDataThanFits() {
        assertThatThrownBy(() -> new FfmConnParam().privateData(new byte[57]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldConnectByIpv6() throws Exception {
        try (Loopback here = Loopback.open()) {
            Pair pair = here.connect(false);
            assertThat(pair.near().id.getSource().getAddress()).isInstanceOf(Inet6Address.class);
            pair.far().postReceive(1, 0, 64);
            pair.near().sends.send(0, 2, VerbsConstants.IBV_SEND_SIGNALED);
            pair.near().sends.data(0, pair.near().at(0), 8, pair.near().region.getLkey());
            assertThat(pair.near().sends.post(1)).isZero();
            here.awaitCompletion(1, VerbsConstants.IBV_WC_SUCCESS);
        }
    }

    @Test
    void shouldTellWhyItRefuses() throws Exception {
        try (Loopback here = Loopback.open()) {
            FfmCmId listener = here.listener(true);
            try (End near = new End(here.resolved(listener.getSource()), here.domain, here.queue, null)) {
                near.id.connect(new FfmConnParam());
                FfmCmEvent asked = here.await(RDMA_CM_EVENT_CONNECT_REQUEST, null);
                byte[] reason = "no room".getBytes(StandardCharsets.US_ASCII);
                asked.id().orElseThrow().reject(reason);
                FfmCmEvent refused = here.await(RDMA_CM_EVENT_REJECTED, near.id);
                assertThat(refused.status()).isEqualTo(REFUSED_BY_PROGRAM);
                assertThat(refused.privateData()).startsWith(reason);
                assertThat(refused).hasToString("REJECTED with status 28");
                asked.id().orElseThrow().destroyId();
            }
        }
    }

    @Test
    void shouldBeRefusedWhereNobodyListens() throws Exception {
        try (Loopback here = Loopback.open()) {
            InetSocketAddress nobody = new InetSocketAddress(here.address(true), 9);
            try (End near = new End(here.resolved(nobody), here.domain, here.queue, null)) {
                near.id.connect(new FfmConnParam());
                assertThat(here.await(RDMA_CM_EVENT_REJECTED, near.id).status()).isNotZero();
            }
        }
    }

    @Test
    void shouldTellBothEndsOfTheEnd() throws Exception {
        try (Loopback here = Loopback.open()) {
            Pair pair = here.connect(true);
            pair.near().id.disconnect();
            here.await(RDMA_CM_EVENT_DISCONNECTED, pair.far().id);
            assertThat(pair.near().queuePair.queryState()).isEqualTo(VerbsConstants.IBV_QPS_ERR);
        }
    }

    @Test
    void shouldReturnAtTheDeadlineWhenNothingHappens() throws Exception {
        try (Loopback here = Loopback.open()) {
            assertThat(here.events.nextEvent(0)).isEmpty();
            assertThat(here.events.nextEvent(20_000_000)).isEmpty();
            assertThat(here.manager.getCmEvent(here.events, 10)).isNull();
            assertThatThrownBy(() -> here.manager.getCmEvent(here.events, -1))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shouldSayThatAnAddressIsNoDevices() throws Exception {
        try (Loopback here = Loopback.open()) {
            FfmCmId id = here.events.createId();
            assertThatThrownBy(() -> id.bindAddr(new InetSocketAddress("192.0.2.1", 0))).isInstanceOfSatisfying(
                    VerbsException.class, failed -> {
                        assertThat(failed.function()).isEqualTo("rdma_bind_addr");
                        assertThat(failed.remedy()).contains("ip addr");
                    });
            id.destroyId();
            id.destroyId();
        }
    }
}
