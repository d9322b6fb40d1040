package dev.sluice.rdma.internal.ffm;

import static dev.sluice.rdma.internal.ffm.CmConstants.RDMA_CM_EVENT_ADDR_RESOLVED;
import static dev.sluice.rdma.internal.ffm.CmConstants.RDMA_CM_EVENT_CONNECT_REQUEST;
import static dev.sluice.rdma.internal.ffm.CmConstants.RDMA_CM_EVENT_ESTABLISHED;
import static dev.sluice.rdma.internal.ffm.CmConstants.RDMA_CM_EVENT_ROUTE_RESOLVED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Availability;

import java.io.Closeable;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/** Both ends of connections on one real device, driven by one thread. */
final class Loopback implements Closeable {
    static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(20) * Long.getLong("sluice.test.timeScale", 1);

    private static final int TIMEOUT_MS = 5000;

    final FfmCm manager;

    final FfmVerbs verbs;

    final FfmContext device;

    final FfmPd domain;

    final FfmCompChannel notices;

    final FfmCq queue;

    final CompletionPoller poller;

    final FfmEventChannel events;

    private final Deque<FfmCmEvent> unread = new ArrayDeque<>();

    private final Deque<Closeable> resources = new ArrayDeque<>();

    private Loopback() throws Exception {
        FfmProvider provider = FfmProvider.install();
        manager = provider.openCm();
        verbs = provider.openVerbs();
        device = manager.devices().getFirst();
        domain = verbs.allocPd(device);
        notices = verbs.createCompChannel(device);
        queue = verbs.createCQ(device, notices, 256, 0);
        poller = new CompletionPoller(queue, 16);
        events = manager.createEventChannel();
    }

    /** Skips the test where there is no device. */
    static Loopback open() throws Exception {
        Availability found = RdmaProbe.availability();
        assumeTrue(found.isAvailable(), found::toString);
        return new Loopback();
    }

    /** An address of the device's interface. */
    InetAddress address(boolean v4) throws Exception {
        return device.queryGids().stream().filter(GidEntry::isRoceV2).map(GidEntry::address)
                .filter(each -> each instanceof Inet4Address == v4).filter(each -> v4 || !each.isLinkLocalAddress())
                .findFirst().orElseThrow();
    }

    FfmCmId listener(boolean v4) throws Exception {
        FfmCmId listener = events.createId();
        listener.bindAddr(new InetSocketAddress(address(v4), 0));
        listener.listen(4);
        resources.push(listener::destroyId);
        return listener;
    }

    /** An id that has resolved the way to a listener. */
    FfmCmId resolved(InetSocketAddress to) throws Exception {
        FfmCmId id = events.createId();
        id.resolveAddr(null, to, TIMEOUT_MS);
        await(RDMA_CM_EVENT_ADDR_RESOLVED, id);
        id.resolveRoute(TIMEOUT_MS);
        await(RDMA_CM_EVENT_ROUTE_RESOLVED, id);
        return id;
    }

    Pair connect(boolean v4) throws Exception {
        return connect(v4, null, new byte[0], new byte[0]);
    }

    Pair connect(boolean v4, FfmSrq shared, byte[] request, byte[] answer) throws Exception {
        FfmCmId listener = listener(v4);
        End near = own(new End(resolved(listener.getSource()), domain, queue, null));
        near.id.setAckTimeout(14);
        near.id.connect(new FfmConnParam().reads(4, 4).privateData(request));
        FfmCmEvent asked = await(RDMA_CM_EVENT_CONNECT_REQUEST, null);
        End far = own(new End(asked.id().orElseThrow(), domain, queue, shared));
        far.id.accept(new FfmConnParam().reads(4, 4).privateData(answer));
        FfmCmEvent answered = await(RDMA_CM_EVENT_ESTABLISHED, near.id);
        await(RDMA_CM_EVENT_ESTABLISHED, far.id);
        near.queuePair.setMinRnrTimer(12);
        far.queuePair.setMinRnrTimer(12);
        return new Pair(near, far, asked, answered);
    }

    /** The next event of a type, of an id or of any; others stay for later waits. */
    FfmCmEvent await(int type, FfmCmId id) throws Exception {
        long start = System.nanoTime();
        while (true) {
            for (Iterator<FfmCmEvent> each = unread.iterator(); each.hasNext();) {
                FfmCmEvent event = each.next();
                if (event.type() == type && (id == null || event.id().orElse(null) == id)) {
                    each.remove();
                    return event;
                }
            }
            long left = LIMIT_NS - (System.nanoTime() - start);
            assertThat(left).as("event %s came, not only %s", type, unread).isPositive();
            events.nextEvent(left).ifPresent(unread::add);
        }
    }

    /** Spins until the poller has at least one completion; how many it has. */
    int poll() {
        long start = System.nanoTime();
        int count = poller.poll();
        while (count == 0) {
            assertThat(System.nanoTime() - start).as("a completion comes").isLessThan(LIMIT_NS);
            Thread.onSpinWait();
            count = poller.poll();
        }
        return count;
    }

    /** Polls one completion after the other until this one has come; it must have the status. Its index is 0. */
    void awaitCompletion(long wrId, int status) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < LIMIT_NS) {
            if (poller.poll(1) == 1 && poller.id(0) == wrId) {
                assertThat(WcStatus.name(poller.status(0))).isEqualTo(WcStatus.name(status));
                return;
            }
        }
        throw new AssertionError("no completion of " + wrId);
    }

    /** Frees a window before everything that was made before it. */
    FfmMw own(FfmMw window) {
        resources.push(window::destroy);
        return window;
    }

    private End own(End end) {
        resources.push(end);
        return end;
    }

    @Override
    public void close() throws IOException {
        while (!resources.isEmpty()) {
            resources.pop().close();
        }
        poller.close();
        queue.destroy();
        notices.destroy();
        domain.destroy();
        events.destroy();
    }

    /** A connection, with the events that show what was said while it was made. */
    record Pair(End near, End far, FfmCmEvent asked, FfmCmEvent answered) {}
}
