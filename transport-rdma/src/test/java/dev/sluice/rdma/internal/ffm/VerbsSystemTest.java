package dev.sluice.rdma.internal.ffm;

import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_ACCESS_REMOTE_READ;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_ACCESS_REMOTE_WRITE;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_SEND_FENCE;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_SEND_INLINE;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_SEND_SIGNALED;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_WC_RECV_RDMA_WITH_IMM;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_WC_REM_ACCESS_ERR;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_WC_SUCCESS;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_WC_WR_FLUSH_ERR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.Poll;
import dev.sluice.rdma.internal.ffm.Loopback.Pair;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Every verb once, on a real device; skipped where there is none. The soft-RoCE machines run it. */
@Tag("rdma")
final class VerbsSystemTest {
    private static final int SIGNALED = IBV_SEND_SIGNALED;

    @Test
    void shouldSayWhatTheDeviceCanDo() throws Exception {
        try (Loopback here = Loopback.open()) {
            DeviceAttributes attributes = here.device.queryDevice();
            assertThat(attributes.maxWorkRequests()).isGreaterThan(100);
            assertThat(attributes.maxCompletions()).isGreaterThan(1000);
            assertThat(attributes.maxElements()).isPositive();
            assertThat(attributes.maxRegions()).isPositive();
            assertThat(attributes.maxRegionBytes()).isNotZero();
            assertThat(attributes.ports()).isPositive();
            PortAttributes port = here.device.queryPort(1);
            assertThat(port.isActive()).isTrue();
            assertThat(port.activeMtuBytes()).isBetween(256, 4096);
            assertThat(port.maxMessageBytes()).isGreaterThan(1 << 20);
            assertThat(here.device.queryGids()).anySatisfy(each -> {
                assertThat(each.type()).isNotEmpty();
                assertThat(each.port()).isEqualTo(1);
            });
            if (here.device.driver() == Driver.RXE) {
                assertThat(port.isEthernet()).isTrue();
                assertThat(attributes.hasWindowsOfType2B()).isTrue();
                assertThat(attributes.atomicCapability()).isEqualTo(VerbsConstants.IBV_ATOMIC_HCA);
                assertThat(here.device.queryGids()).allSatisfy(each -> assertThat(each.interfaceName()).isNotEmpty());
                assertThat(here.device.postsWithoutKernel()).isFalse();
            }
        }
    }

    @Test
    void shouldNameTheCallAndTheErrorWhenMemoryCannotBeRegistered() throws Exception {
        try (Loopback here = Loopback.open()) {
            assertThatThrownBy(() -> here.domain.register(4096, 1L << 33, 1)).isInstanceOfSatisfying(
                    VerbsException.class, failed -> {
                        assertThat(failed.function()).isEqualTo("ibv_reg_mr");
                        assertThat(failed).hasMessageContaining("of 8589934592 bytes")
                                .hasMessageContaining(Errno.name(failed.nativeCode()))
                                .hasMessageContaining(here.device.deviceName());
                    });
        }
    }

    @Test
    void shouldGrantWhatItReports() throws Exception {
        try (Loopback here = Loopback.open()) {
            FfmQp granted = here.connect(true).near().queuePair;
            assertThat(granted.maxInlineBytes()).isGreaterThanOrEqualTo(64);
            assertThat(granted.maxSends()).isGreaterThanOrEqualTo(32);
            assertThat(granted.queryState()).isEqualTo(VerbsConstants.IBV_QPS_RTS);
            assertThat(granted.queryMinRnrTimer()).isEqualTo(12);
        }
    }

    @Test
    void shouldSendFromMemoryAndInline() throws Exception {
        try (Loopback here = Loopback.open()) {
            Pair pair = here.connect(true);
            pair.far().postReceive(1, 1024, 4096);
            pair.far().postReceive(2, 8192, 4096);
            pair.near().memory.setString(0, "from memory");
            pair.near().memory.setString(100, "inline");
            SendBatch sends = pair.near().sends;
            sends.send(0, 10, 0);
            sends.data(0, pair.near().at(0), 12, pair.near().region.getLkey());
            sends.send(1, 11, SIGNALED | IBV_SEND_INLINE);
            sends.data(1, pair.near().at(100), 7, 0);
            assertThat(sends.post(2)).isZero();
            here.awaitCompletion(2, IBV_WC_SUCCESS);
            assertThat(here.poller.lengthBytes(0)).isEqualTo(7);
            assertThat(here.poller.isReceive(0)).isTrue();
            assertThat(pair.far().memory.getString(1024)).isEqualTo("from memory");
            assertThat(pair.far().memory.getString(8192)).isEqualTo("inline");
        }
    }

    @Test
    void shouldRefuseWhatIsTooLongInlineAndSayHowMuchWent() throws Exception {
        try (Loopback here = Loopback.open()) {
            Pair pair = here.connect(true);
            SendBatch sends = pair.near().sends;
            int tooLong = pair.near().queuePair.maxInlineBytes() + 1;
            for (int slot = 0; slot < 3; slot++) {
                sends.write(slot, slot, pair.far().at(0), pair.far().region.getRkey(), SIGNALED | IBV_SEND_INLINE);
                sends.data(slot, pair.near().at(0), slot == 1 ? tooLong : 8, 0);
            }
            assertThat(sends.post(3)).isNegative();
            assertThat(sends.accepted(0)).isEqualTo(1);
            here.awaitCompletion(0, IBV_WC_SUCCESS);
        }
    }

    @Test
    void shouldWriteAndReadAndTellByImmediate() throws Exception {
        try (Loopback here = Loopback.open()) {
            Pair pair = here.connect(true);
            pair.far().receives.receiveNothing(0, 1);
            assertThat(pair.far().receives.post(1)).isZero();
            pair.near().memory.asSlice(0, 5000).fill((byte) 7);
            SendBatch sends = pair.near().sends;
            int lkey = pair.near().region.getLkey();
            int rkey = pair.far().region.getRkey();
            sends.write(0, 20, pair.far().at(0), rkey, 0);
            sends.data(0, pair.near().at(0), 5000, lkey);
            sends.writeWithImmediate(1, 21, pair.far().at(5000), rkey, 0xCAFE0001, 0);
            sends.data(1, pair.near().at(0), 3, lkey);
            sends.read(2, 22, pair.far().at(0), rkey, SIGNALED);
            sends.data(2, pair.near().at(10_000), 5003, lkey);
            assertThat(sends.post(3)).isZero();
            boolean told = false;
            boolean read = false;
            while (!told || !read) {
                int count = here.poll();
                for (int i = 0; i < count; i++) {
                    told |= isImmediate(here.poller, i);
                    read |= here.poller.id(i) == 22 && here.poller.succeeded(i);
                }
            }
            assertThat(pair.near().memory.asSlice(10_000, 5003).mismatch(pair.far().memory.asSlice(0, 5003)))
                    .isEqualTo(-1);
            assertThat(pair.far().memory.get(ValueLayout.JAVA_BYTE, 5002)).isEqualTo((byte) 7);
        }
    }

    private static boolean isImmediate(CompletionPoller poller, int index) {
        if (poller.id(index) != 1) {
            return false;
        }
        assertThat(poller.opcode(index)).isEqualTo(IBV_WC_RECV_RDMA_WITH_IMM);
        assertThat(poller.hasImmediate(index)).isTrue();
        assertThat(poller.immediate(index)).isEqualTo(0xCAFE0001);
        return true;
    }

    @Test
    void shouldDoBothAtomics() throws Exception {
        try (Loopback here = Loopback.open()) {
            Pair pair = here.connect(true);
            pair.far().memory.set(ValueLayout.JAVA_LONG, 64, 40);
            SendBatch sends = pair.near().sends;
            sends.fetchAndAdd(0, 30, pair.far().at(64), pair.far().region.getRkey(), 2, SIGNALED);
            sends.data(0, pair.near().at(0), 8, pair.near().region.getLkey());
            assertThat(sends.post(1)).isZero();
            here.awaitCompletion(30, IBV_WC_SUCCESS);
            sends.compareAndSwap(0, 31, pair.far().at(64), pair.far().region.getRkey(), 42, -1, SIGNALED);
            sends.data(0, pair.near().at(8), 8, pair.near().region.getLkey());
            assertThat(sends.post(1)).isZero();
            here.awaitCompletion(31, IBV_WC_SUCCESS);
            assertThat(pair.near().memory.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(40);
            assertThat(pair.near().memory.get(ValueLayout.JAVA_LONG, 8)).isEqualTo(42);
            assertThat(pair.far().memory.get(ValueLayout.JAVA_LONG, 64)).isEqualTo(-1);
        }
    }

    @Test
    void shouldBindAWindowAndRevokeIt() throws Exception {
        try (Loopback here = Loopback.open()) {
            Pair pair = here.connect(true);
            FfmMw window = here.own(here.domain.allocateWindow());
            int rkey = bind(here, pair, window, 40);
            write(pair, 42, pair.far().at(4096), rkey, 8);
            here.awaitCompletion(42, IBV_WC_SUCCESS);
            pair.far().sends.invalidate(0, 41, rkey, SIGNALED);
            assertThat(pair.far().sends.post(1)).isZero();
            here.awaitCompletion(41, IBV_WC_SUCCESS);
            int second = bind(here, pair, window, 43);
            assertThat(second).isNotEqualTo(rkey);
            write(pair, 44, pair.far().at(4096), second, 8);
            here.awaitCompletion(44, IBV_WC_SUCCESS);
            write(pair, 45, pair.far().at(4096), rkey, 8);
            here.awaitCompletion(45, IBV_WC_REM_ACCESS_ERR);
        }
    }

    @Test
    void shouldFailWhenARevokedWindowIsUsed() throws Exception {
        try (Loopback here = Loopback.open()) {
            Pair pair = here.connect(true);
            FfmMw window = here.own(here.domain.allocateWindow());
            int rkey = bind(here, pair, window, 46);
            pair.far().sends.invalidate(0, 47, rkey, SIGNALED);
            assertThat(pair.far().sends.post(1)).isZero();
            here.awaitCompletion(47, IBV_WC_SUCCESS);
            pair.near().memory.set(ValueLayout.JAVA_LONG, 0, 1);
            write(pair, 48, pair.far().at(4096), rkey, 8);
            here.awaitCompletion(48, IBV_WC_REM_ACCESS_ERR);
            assertThat(pair.far().memory.get(ValueLayout.JAVA_LONG, 4096)).isZero();
        }
    }

    @Test
    void shouldServeAWindowOnItsOwnQueuePairOnly() throws Exception {
        try (Loopback here = Loopback.open()) {
            Pair pair = here.connect(true);
            Pair other = here.connect(true);
            FfmMw window = here.own(here.domain.allocateWindow());
            int rkey = bind(here, pair, window, 52);
            write(other, 53, pair.far().at(4096), rkey, 8);
            here.awaitCompletion(53, IBV_WC_REM_ACCESS_ERR);
            write(pair, 54, pair.far().at(4096), rkey, 8);
            here.awaitCompletion(54, IBV_WC_SUCCESS);
        }
    }

    @Test
    void shouldKeepAWindowToItsBounds() throws Exception {
        try (Loopback here = Loopback.open()) {
            assumeTrue(here.device.windowsKeepBounds(), "soft-RoCE checks the bounds of the region only");
            Pair pair = here.connect(true);
            FfmMw window = here.own(here.domain.allocateWindow());
            int rkey = bind(here, pair, window, 50);
            write(pair, 51, pair.far().at(4096 + 4096 - 4), rkey, 8);
            here.awaitCompletion(51, IBV_WC_REM_ACCESS_ERR);
            assertThat(pair.far().memory.get(ValueLayout.JAVA_LONG, 8192)).isZero();
        }
    }

    /** Binds a window to 4 KiB at 4096 of the far end's memory. */
    private static int bind(Loopback here, Pair pair, FfmMw window, long wrId) {
        int rkey = window.nextRkey();
        pair.far().sends.bindWindow(0, wrId, window, rkey, pair.far().region, pair.far().at(4096), 4096,
                IBV_ACCESS_REMOTE_WRITE | IBV_ACCESS_REMOTE_READ, SIGNALED | IBV_SEND_FENCE);
        assertThat(pair.far().sends.post(1)).isZero();
        window.bound(rkey);
        here.awaitCompletion(wrId, IBV_WC_SUCCESS);
        return rkey;
    }

    private static void write(Pair pair, long wrId, long remote, int rkey, int lengthBytes) {
        pair.near().sends.write(0, wrId, remote, rkey, SIGNALED);
        pair.near().sends.data(0, pair.near().at(0), lengthBytes, pair.near().region.getLkey());
        assertThat(pair.near().sends.post(1)).isZero();
    }

    @Test
    void shouldRouteAFailureToItsQueuePairAndSpareTheOther() throws Exception {
        try (Loopback here = Loopback.open()) {
            Pair bad = here.connect(true);
            Pair good = here.connect(true);
            bad.near().postReceive(62, 0, 8);
            write(bad, 60, bad.far().at(0), bad.far().region.getRkey() ^ 0x5500, 8);
            here.awaitCompletion(60, IBV_WC_REM_ACCESS_ERR);
            assertThat(here.poller.queuePairNumber(0)).isEqualTo(bad.near().queuePair.number());
            assertThat(bad.near().queuePair.queryState()).isEqualTo(VerbsConstants.IBV_QPS_ERR);
            here.awaitCompletion(62, IBV_WC_WR_FLUSH_ERR);
            write(good, 61, good.far().at(0), good.far().region.getRkey(), 8);
            here.awaitCompletion(61, IBV_WC_SUCCESS);
        }
    }

    @Test
    void shouldWakeAThreadThatSleepsOnTheChannel() throws Exception {
        try (Loopback here = Loopback.open()) {
            Pair pair = here.connect(true);
            NativeContext ctx = new NativeContext();
            assertThat(here.queue.requestNotify(false)).isZero();
            assertThat(here.poller.poll()).isZero();
            assertThat(Poll.awaitReadable(ctx, here.notices.getFd(), 0)).isZero();
            assertThat(here.notices.drain()).isZero();
            write(pair, 70, pair.far().at(0), pair.far().region.getRkey(), 8);
            assertThat(Poll.awaitReadable(ctx, here.notices.getFd(), Loopback.LIMIT_NS)).isEqualTo(1);
            assertThat(here.notices.drain()).isEqualTo(1);
            here.awaitCompletion(70, IBV_WC_SUCCESS);
        }
    }

    @Test
    void shouldReportWhatHappensToASharedReceiveQueue() throws Exception {
        try (Loopback here = Loopback.open()) {
            FfmSrq shared = here.domain.createSharedReceiveQueue(16, 1);
            assertThat(shared.capacity()).isGreaterThanOrEqualTo(16);
            Pair pair = here.connect(true, shared, new byte[0], new byte[0]);
            pair.far().postReceive(80, 0, 64);
            pair.far().postReceive(81, 64, 64);
            shared.notifyBelow(2);
            pair.near().sends.send(0, 82, SIGNALED);
            pair.near().sends.data(0, pair.near().at(0), 8, pair.near().region.getLkey());
            assertThat(pair.near().sends.post(1)).isZero();
            here.awaitCompletion(80, IBV_WC_SUCCESS);
            assertThat(Poll.awaitReadable(new NativeContext(), here.device.asyncFd(), Loopback.LIMIT_NS)).isEqualTo(1);
            Optional<AsyncEvent> event = here.device.pollAsyncEvent();
            assertThat(event.orElseThrow().type()).isEqualTo(VerbsConstants.IBV_EVENT_SRQ_LIMIT_REACHED);
            assertThat(event.orElseThrow().toString()).isNotEmpty();
            assertThat(here.device.pollAsyncEvent()).isEmpty();
            pair.far().id.destroyQP();
            shared.destroy();
        }
    }
}
