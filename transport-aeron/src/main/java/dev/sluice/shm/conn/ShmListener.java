package dev.sluice.shm.conn;

import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.internal.control.ConnectionFactory;
import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.ControlledListener;
import dev.sluice.internal.control.Handover;
import dev.sluice.internal.control.Refusal;
import dev.sluice.shm.data.Link;
import dev.sluice.spi.SluiceUri;

import java.net.URI;
import java.util.function.Consumer;

/** A listener: {@link #accept} and {@link #close} for any thread, all else on the control thread. */
final class ShmListener extends ControlledListener<ShmRequest> {
    private final ConnectionFactory<Link> factory;
    private final URI address;
    private final Consumer<ShmListener> onClose;
    private ListenSocket socket;

    ShmListener(ControlLoop loop, Options options, ConnectionFactory<Link> factory, URI address,
            Consumer<ShmListener> onClose) {
        super(loop, options);
        this.onClose = onClose;
        this.factory = factory;
        this.address = address;
    }

    /** Listens; any thread. The last argument is told whenever it is closed. */
    static ShmListener open(ControlLoop loop, SluiceUri local, Options options, ConnectionFactory<Link> factory,
            Consumer<ShmListener> onClose) throws SluiceException {
        Terms.of(options);
        requireBacklog(options);
        SocketName name = SocketName.toListen(local);
        return open(loop, local.toString(),
                (Handover<ShmListener> result) -> ListenSocket.open(loop, name, options, factory, onClose, result));
    }

    @Override
    public URI address() {
        return address;
    }

    @Override
    protected void onClose() {
        onClose.accept(this);
    }

    ConnectionFactory<Link> factory() {
        return factory;
    }

    void listening(ListenSocket listenSocket) {
        socket = listenSocket;
    }

    /** A peer has said hello. */
    void requested(ArrivingPeer from, URI peer, Terms theirs, byte[] metadata) {
        WaitingPeer waiting = WaitingPeer.begin(this, from, peer, theirs, metadata);
        if (isClosed()) {
            waiting.refuse(Refusal.of(Refusal.LISTENER_CLOSED, "the listener is closed"));
        } else if (requests().isFull()) {
            waiting.refuse(backlogFull());
        } else {
            requests().add(waiting.request());
        }
    }

    @Override
    protected void stop(String why) {
        socket.close();
        for (ArrivingPeer peer : loop().all(ArrivingPeer.class)) {
            if (peer.listener() == this) {
                peer.refuse(Refusal.LISTENER_CLOSED, why);
            }
        }
        for (WaitingPeer peer : loop().all(WaitingPeer.class)) {
            if (peer.listener() == this) {
                peer.listenerClosed(why);
            }
        }
    }
}
