package dev.sluice.rdma.conn;

import dev.sluice.SluiceException;
import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Handover;
import dev.sluice.internal.linux.Errno;
import dev.sluice.rdma.data.Endpoint;
import dev.sluice.rdma.internal.ffm.CmConstants;
import dev.sluice.rdma.internal.ffm.FfmCmEvent;
import dev.sluice.rdma.internal.ffm.FfmCmId;
import dev.sluice.rdma.internal.ffm.FfmContext;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;

/** One attempt to connect: address, route, queue pair, request, answer. Control thread only. */
final class Dial extends CmOwner {
    /** What is dialled, and with what. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Plan(URI peer, InetSocketAddress source, InetSocketAddress destination, FfmContext device, Terms terms,
            byte[] metadata, long timeoutNs) {}

    private final CmChannel channel;
    private final ControlLoop loop;
    private final Plan plan;
    private final Endpoint endpoint;
    private final Handover<Established> result;
    private final long endNs;
    private FfmCmId id;
    /** What no event has answered yet. */
    private String awaited = "its address was not resolved";
    private boolean bound;
    private boolean over;

    private Dial(CmChannel channel, Plan plan, Endpoint endpoint, Handover<Established> result) {
        super(channel);
        this.channel = channel;
        this.loop = channel.loop();
        this.plan = plan;
        this.endpoint = endpoint;
        this.result = result;
        endNs = loop.nowNs() + plan.timeoutNs();
    }

    /** Begins; the result tells the end, and the endpoint stays the caller's. */
    static void begin(CmChannel channel, Plan plan, Endpoint endpoint, Handover<Established> result) {
        if (!result.isDone()) {
            new Dial(channel, plan, endpoint, result).start();
        }
    }

    private void start() {
        try {
            id = channel.newId(this);
            loop.deadline(this, endNs);
            id.setAckTimeout(Terms.ACK_TIMEOUT);
            id.resolveAddr(plan.source(), plan.destination(), timeoutMs());
        } catch (IOException e) {
            fail(e);
        }
    }

    private int timeoutMs() {
        return Math.clamp((endNs - loop.nowNs()) / 1_000_000, 1, Integer.MAX_VALUE);
    }

    @Override
    void event(FfmCmEvent event) {
        if (result.isDone()) {
            end();
            return;
        }
        try {
            switch (event.type()) {
                case CmConstants.RDMA_CM_EVENT_ADDR_RESOLVED -> addressResolved();
                case CmConstants.RDMA_CM_EVENT_ROUTE_RESOLVED -> routeResolved();
                case CmConstants.RDMA_CM_EVENT_ESTABLISHED -> established(event);
                case CmConstants.RDMA_CM_EVENT_ADDR_CHANGE, CmConstants.RDMA_CM_EVENT_MULTICAST_JOIN,
                        CmConstants.RDMA_CM_EVENT_MULTICAST_ERROR, CmConstants.RDMA_CM_EVENT_TIMEWAIT_EXIT -> {
                    // Nothing that a dial waits for; its deadline stands.
                }
                default -> fail(CmErrors.failure(event, plan.peer().toString()));
            }
        } catch (HandshakeException e) {
            fail(new Failure("the peer's answer is not of this protocol: " + e.getMessage(), 0, plan.peer().toString(),
                    "Is it Sluice that listens there, of the same release?"));
        } catch (IOException e) {
            fail(e);
        }
    }

    private void addressResolved() throws IOException {
        FfmContext leads = id.getVerbs();
        if (!plan.device().equals(leads)) {
            fail(new Failure("the way there is by device " + leads + ", and this transport uses " + plan.device(), 0,
                    plan.peer().toString(), "Open the transport with ?dev=" + leads));
            return;
        }
        awaited = "the route to it was not resolved";
        id.resolveRoute(timeoutMs());
    }

    private void routeResolved() throws IOException {
        awaited = "it did not answer";
        bound = true;
        endpoint.bind(id);
        id.connect(plan.terms().parameters(endpoint, plan.metadata()));
    }

    private void established(FfmCmEvent event) throws HandshakeException, SluiceException {
        Hello theirs = Hello.decode(event.privateData());
        // What may fail comes first: once this is over, nobody would be told of a failure.
        RdmaLifeline lifeline = RdmaLifeline.begin(channel, id, endpoint, plan.terms().agree(plan.peer(), theirs),
                plan.terms(), theirs);
        over = true;
        loop.deadline(this, NO_DEADLINE);
        result.offer(new Established(lifeline));
    }

    @Override
    public void expired(long dueNs) {
        fail(new Failure(
                "the peer could not be connected to within " + plan.timeoutNs() / 1_000_000 + " ms: " + awaited,
                Errno.ETIMEDOUT, plan.peer().toString(),
                "Its application must accept the connection; look there, or raise the option 'connectTimeout'"));
    }

    @Override
    public void abandon(String why) {
        fail(Failure.closed(why, plan.peer().toString()));
    }

    private void fail(IOException e) {
        int code = e instanceof SluiceException s ? s.nativeCode() : 0;
        String remedy = e instanceof SluiceException s ? s.remedy() : "";
        fail(new Failure(e.getMessage(), code, plan.peer().toString(), remedy));
    }

    private void fail(Failure failure) {
        if (!over) {
            end();
            result.fail(failure);
        }
    }

    private void end() {
        over = true;
        loop.deadline(this, NO_DEADLINE);
        if (id == null) {
            return;
        }
        if (bound) {
            channel.disown(id);
        } else {
            channel.destroy(id);
        }
    }
}
