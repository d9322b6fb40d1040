package dev.sluice.rdma.conn;

import dev.sluice.DisconnectReason;
import dev.sluice.SluiceException;
import dev.sluice.internal.control.ControlLoop;
import dev.sluice.rdma.data.Agreement;
import dev.sluice.rdma.data.Endpoint;
import dev.sluice.rdma.data.Lifeline;
import dev.sluice.rdma.internal.ffm.CmConstants;
import dev.sluice.rdma.internal.ffm.FfmCmEvent;
import dev.sluice.rdma.internal.ffm.FfmCmId;

/**
 * An established connection on the control thread: it sends heartbeats, watches what comes of the peer's process, and hears of the
 * connection manager when that is gone.
 */
final class RdmaLifeline extends CmOwner implements Lifeline {
    private static final int BEATS_PER_DETECTION_TIME = 5;
    private static final long MIN_INTERVAL_NS = 10_000_000L;
    private static final long MAX_INTERVAL_NS = 1_000_000_000L;

    private final CmChannel channel;
    private final ControlLoop loop;
    private final FfmCmId id;
    private final Endpoint endpoint;
    private final String peer;
    private final long detectionNs;
    private final long intervalNs;
    private long heard;
    private long heardNs;
    private boolean started;
    private boolean ended;

    private RdmaLifeline(CmChannel channel, FfmCmId id, Endpoint endpoint, String peer, Terms mine, Hello theirs) {
        super(channel);
        this.channel = channel;
        this.loop = channel.loop();
        this.id = id;
        this.endpoint = endpoint;
        this.peer = peer;
        detectionNs = mine.detection().toNanos();
        intervalNs = Math.clamp(Math.min(detectionNs, theirs.detection().toNanos()) / BEATS_PER_DETECTION_TIME,
                MIN_INTERVAL_NS, MAX_INTERVAL_NS);
        heardNs = loop.nowNs();
    }

    /** Takes over the id of an established connection. Control thread. */
    static RdmaLifeline begin(CmChannel channel, FfmCmId id, Endpoint endpoint, Agreement agreement, Terms mine,
            Hello theirs) throws SluiceException {
        RdmaLifeline lifeline = new RdmaLifeline(channel, id, endpoint, agreement.peer().toString(), mine, theirs);
        endpoint.established(agreement, lifeline);
        channel.own(id, lifeline);
        lifeline.loop.deadline(lifeline, lifeline.loop.nowNs());
        return lifeline;
    }

    @Override
    public void start() {
        loop.execute(() -> {
            started = true;
            heardNs = loop.nowNs();
        });
    }

    @Override
    public void end() {
        loop.execute(this::finish);
    }

    private void finish() {
        if (!ended) {
            ended = true;
            loop.deadline(this, NO_DEADLINE);
            channel.disown(id);
        }
    }

    @Override
    void event(FfmCmEvent event) {
        switch (event.type()) {
            case CmConstants.RDMA_CM_EVENT_DISCONNECTED -> endpoint.disconnected(DisconnectReason.PEER_DIED,
                    "the process of " + peer + " is gone: its queue pair was destroyed. Look for why it ended");
            case CmConstants.RDMA_CM_EVENT_DEVICE_REMOVAL -> endpoint.disconnected(DisconnectReason.TRANSPORT_ERROR,
                    "the RDMA device was removed. Look into the kernel's log");
            case CmConstants.RDMA_CM_EVENT_ADDR_CHANGE, CmConstants.RDMA_CM_EVENT_TIMEWAIT_EXIT,
                    CmConstants.RDMA_CM_EVENT_MULTICAST_JOIN, CmConstants.RDMA_CM_EVENT_MULTICAST_ERROR,
                    CmConstants.RDMA_CM_EVENT_ESTABLISHED -> {
                // The path may still work; the heartbeat tells when it does not.
            }
            default -> endpoint.disconnected(DisconnectReason.TRANSPORT_ERROR, "the connection manager said " + event
                    + " of an established connection with " + peer);
        }
    }

    @Override
    public void expired(long dueNs) {
        if (ended) {
            return;
        }
        long nowNs = loop.nowNs();
        long signs = endpoint.beat();
        if (signs != heard || nowNs - dueNs > intervalNs) {
            // Either it was heard, or this process has paused: then the peer has its full time from here on.
            heard = signs;
            heardNs = nowNs;
        }
        if (started && nowNs - heardNs >= detectionNs) {
            endpoint.disconnected(DisconnectReason.PEER_UNREACHABLE, "the process of " + peer + " did nothing for "
                    + (nowNs - heardNs) / 1_000_000 + " ms (detectionTime " + detectionNs / 1_000_000
                    + " ms). It is stopped, its control thread gets no processor, or the way there is cut");
        } else {
            loop.deadline(this, Math.min(nowNs + intervalNs, Math.max(heardNs + detectionNs, nowNs + 1_000_000)));
        }
    }

    @Override
    public void abandon(String why) {
        if (!ended) {
            ended = true;
            endpoint.disconnected(DisconnectReason.TRANSPORT_ERROR, why);
        }
    }
}
