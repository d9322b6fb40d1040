package dev.sluice.rdma.conn;

import dev.sluice.SluiceException;
import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Handover;
import dev.sluice.internal.control.Refusal;
import dev.sluice.internal.linux.Errno;
import dev.sluice.rdma.data.Endpoint;
import dev.sluice.rdma.internal.ffm.CmConstants;
import dev.sluice.rdma.internal.ffm.FfmCmEvent;
import dev.sluice.rdma.internal.ffm.FfmCmId;

import java.io.IOException;
import java.net.URI;

/** A peer that asks for a connection: until the application answers, and then until it is established. Control thread only. */
final class WaitingPeer extends CmOwner {
    private static final byte[] NO_METADATA = {};

    private final RdmaListener listener;
    private final CmChannel channel;
    private final ControlLoop loop;
    private final FfmCmId id;
    private final Hello theirs;
    private final URI peer;
    private final RdmaRequest request;
    private Welcome welcome;
    private boolean bound;
    private boolean gone;

    private WaitingPeer(RdmaListener listener, FfmCmId id, Hello theirs) {
        super(listener.channel());
        this.listener = listener;
        channel = listener.channel();
        loop = listener.loop();
        this.id = id;
        this.theirs = theirs;
        peer = Addresses.toUri(id.getDestination());
        request = new RdmaRequest(this, listener, peer, theirs.metadata());
    }

    /** Takes the id over; the request is not queued yet. */
    static WaitingPeer begin(RdmaListener listener, FfmCmId id, Hello theirs) {
        WaitingPeer waiting = new WaitingPeer(listener, id, theirs);
        waiting.channel.own(id, waiting);
        waiting.loop.deadline(waiting, waiting.loop.nowNs() + listener.connectTimeoutNs());
        return waiting;
    }

    /**
     * What the accepting thread has prepared.
     *
     * @param terms the acceptor's
     * @param endpoint the acceptor's end
     * @param limitNs how long the peer may take
     * @param result who waits
     */
    record Welcome(Terms terms, Endpoint endpoint, long limitNs, Handover<Established> result) {}

    RdmaRequest request() {
        return request;
    }

    /** The application has accepted. */
    void welcome(Welcome prepared) {
        if (gone) {
            prepared.result().fail(Failure.closed("the peer has gone before it was accepted", peer.toString()));
            return;
        }
        welcome = prepared;
        try {
            bound = true;
            prepared.endpoint().bind(id);
            id.setAckTimeout(Terms.ACK_TIMEOUT);
            id.accept(prepared.terms().parameters(prepared.endpoint(), NO_METADATA));
            loop.deadline(this, loop.nowNs() + prepared.limitNs());
        } catch (IOException e) {
            int code = e instanceof SluiceException s ? s.nativeCode() : 0;
            String remedy = e instanceof SluiceException s ? s.remedy() : "";
            fail(new Failure("the peer cannot be accepted: " + e.getMessage(), code, peer.toString(), remedy));
        }
    }

    @Override
    void event(FfmCmEvent event) {
        switch (event.type()) {
            case CmConstants.RDMA_CM_EVENT_ESTABLISHED -> established();
            case CmConstants.RDMA_CM_EVENT_ADDR_CHANGE, CmConstants.RDMA_CM_EVENT_TIMEWAIT_EXIT,
                    CmConstants.RDMA_CM_EVENT_MULTICAST_JOIN, CmConstants.RDMA_CM_EVENT_MULTICAST_ERROR -> {
                // Nothing that a request waits for; its deadline stands.
            }
            default -> fail(CmErrors.failure(event, peer.toString()));
        }
    }

    private void established() {
        if (welcome == null || gone) {
            return;
        }
        leave();
        try {
            welcome.result().offer(new Established(RdmaLifeline.begin(channel, id, welcome.endpoint(),
                    welcome.terms().agree(peer, theirs), welcome.terms(), theirs)));
        } catch (SluiceException e) {
            channel.disown(id);
            welcome.result().fail(new Failure(e.getMessage(), e.nativeCode(), peer.toString(), e.remedy()));
        }
    }

    @Override
    public void expired(long dueNs) {
        if (welcome == null) {
            giveUp(Refusal.of(Refusal.TOO_LATE, "the request was not answered in time: its application is busy"),
                    new Failure("the request was not answered within the listener's connectTimeout", 0,
                            peer.toString(), "Answer sooner, or raise the option 'connectTimeout'"));
        } else {
            fail(new Failure("the peer did not complete the handshake in time", Errno.ETIMEDOUT, peer.toString(),
                    "Is it stopped? Raise the option 'connectTimeout'"));
        }
    }

    @Override
    public void abandon(String why) {
        listenerClosed(why);
    }

    void listenerClosed(String why) {
        giveUp(Refusal.of(Refusal.LISTENER_CLOSED, why), Failure.closed(why, peer.toString()));
    }

    /** The application, or the listener, does not want it. */
    void refuse(Refusal refusal) {
        if (gone) {
            return;
        }
        try {
            id.reject(RefusalCodec.encode(refusal));
        } catch (SluiceException late) {
            // The peer has given up meanwhile; the id goes in any case.
            assert late.nativeCode() != 0;
        }
        end();
    }

    private void giveUp(Refusal refusal, Failure failure) {
        if (welcome != null) {
            fail(failure);
        } else if (request.lapse(failure)) {
            refuse(refusal);
        }
    }

    private void fail(Failure failure) {
        if (gone) {
            return;
        }
        request.lapse(failure);
        end();
        if (welcome != null) {
            welcome.result().fail(failure);
        }
    }

    private void leave() {
        gone = true;
        loop.deadline(this, NO_DEADLINE);
        listener.left(this);
    }

    private void end() {
        leave();
        if (bound) {
            channel.disown(id);
        } else {
            channel.destroy(id);
        }
    }
}
