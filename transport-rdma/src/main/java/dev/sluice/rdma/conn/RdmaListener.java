package dev.sluice.rdma.conn;

import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.internal.control.ControlledListener;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Handover;
import dev.sluice.internal.control.Refusal;
import dev.sluice.rdma.internal.ffm.CmConstants;
import dev.sluice.rdma.internal.ffm.FfmCmEvent;
import dev.sluice.rdma.internal.ffm.FfmCmId;
import dev.sluice.rdma.memory.RdmaDevice;
import dev.sluice.spi.SluiceUri;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Listens at one address. The public methods are for any thread, the others for the control thread. */
final class RdmaListener extends ControlledListener<RdmaRequest> {
    private static final int KERNEL_BACKLOG = 1024;
    /** Requests that are being refused or answered, beyond those that wait. */
    private static final int MAX_OPEN = 1024;

    /** What every listener of a transport shares. */
    record Ground(CmChannel channel, RdmaDevice device, ConnectionFactory factory) {}

    private final Ground ground;
    private final Consumer<RdmaListener> onClose;
    private final Set<WaitingPeer> peers = new HashSet<>();
    private URI address;
    private FfmCmId id;

    private RdmaListener(Ground ground, Options options, Consumer<RdmaListener> onClose) {
        super(ground.channel().loop(), options);
        this.ground = ground;
        this.onClose = onClose;
    }

    /** Binds and listens; any thread. */
    static RdmaListener open(Ground ground, SluiceUri local, Options options, Consumer<RdmaListener> onClose)
            throws SluiceException {
        Terms.of(options, ground.device().maxReads());
        requireBacklog(options);
        InetSocketAddress where = Addresses.resolve(local);
        RdmaListener listener = new RdmaListener(ground, options, onClose);
        return open(listener.loop(), local.toString(),
                (Handover<RdmaListener> result) -> listener.begin(where, result));
    }

    private void begin(InetSocketAddress where, Handover<RdmaListener> result) {
        try {
            id = ground.channel().newId(new Ear(ground.channel()));
            if (where.getAddress() instanceof Inet6Address) {
                id.setOnlyOwnFamily();
            }
            id.bindAddr(where);
            id.listen(KERNEL_BACKLOG);
            address = Addresses.dialable(id.getSource(), ground.device().context());
            result.offer(this);
        } catch (IOException e) {
            if (id != null) {
                ground.channel().destroy(id);
            }
            int code = e instanceof SluiceException s ? s.nativeCode() : 0;
            String remedy = e instanceof SluiceException s ? s.remedy() : "";
            result.fail(new Failure("this address cannot be listened at: " + e.getMessage(), code,
                    Addresses.toUri(where).toString(), remedy));
        }
    }

    @Override
    public URI address() {
        return address;
    }

    @Override
    protected void onClose() {
        onClose.accept(this);
    }

    ConnectionFactory factory() {
        return ground.factory();
    }

    RdmaDevice device() {
        return ground.device();
    }

    CmChannel channel() {
        return ground.channel();
    }

    void left(WaitingPeer peer) {
        peers.remove(peer);
    }

    private void heard(FfmCmEvent event) {
        if (event.type() == CmConstants.RDMA_CM_EVENT_CONNECT_REQUEST && event.id().isPresent()) {
            requested(event.id().get(), event.privateData());
        } else if (event.type() == CmConstants.RDMA_CM_EVENT_DEVICE_REMOVAL) {
            end("the RDMA device was removed");
        }
    }

    private void requested(FfmCmId from, byte[] privateData) {
        try {
            if (!ground.device().context().equals(from.getVerbs())) {
                throw new HandshakeException(Refusal.NO_CAPACITY, "this listener uses device "
                        + ground.device().context() + ", the request came by " + from.getVerbs());
            }
            Hello hello = Hello.decode(privateData);
            if (isClosed()) {
                throw new HandshakeException(Refusal.LISTENER_CLOSED, "the listener is closed");
            }
            if (requests().isFull() || peers.size() >= MAX_OPEN) {
                throw new HandshakeException(Refusal.BACKLOG_FULL, backlogFull().reason());
            }
            WaitingPeer peer = WaitingPeer.begin(this, from, hello);
            peers.add(peer);
            requests().add(peer.request());
        } catch (HandshakeException e) {
            refuse(from, e.refusal());
        } catch (IOException e) {
            refuse(from, Refusal.of(Refusal.NO_CAPACITY, e.getMessage()));
        }
    }

    private void refuse(FfmCmId from, Refusal refusal) {
        try {
            from.reject(RefusalCodec.encode(refusal));
        } catch (SluiceException gone) {
            // The request is gone already, so there is nobody to tell; the id goes in any case.
            assert gone.nativeCode() != 0;
        }
        ground.channel().destroy(from);
    }

    @Override
    protected void stop(String why) {
        ground.channel().destroy(id);
        for (WaitingPeer peer : List.copyOf(peers)) {
            peer.listenerClosed(why);
        }
    }

    /** Hears of this listener's id. */
    private final class Ear extends CmOwner {
        Ear(CmChannel channel) {
            super(channel);
        }

        @Override
        void event(FfmCmEvent event) {
            heard(event);
        }

        @Override
        public void expired(long dueNs) {
            throw new AssertionError("a listener has no deadline");
        }

        @Override
        public void abandon(String why) {
            end(why);
        }
    }
}
