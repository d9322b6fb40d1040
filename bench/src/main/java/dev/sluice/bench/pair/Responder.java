package dev.sluice.bench.pair;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.MemoryRegion;
import dev.sluice.RemoteRegion;
import dev.sluice.Status;

import java.lang.foreign.MemorySegment;

/** What the far end does in one pair. Use it on the queue's thread. */
abstract class Responder implements CompletionHandler {

    private final MemorySegment grantOfPeer = MemorySegment.ofArray(new byte[RemoteRegion.ENCODED_BYTES]);
    private Connection connection;
    private MemoryRegion region;
    private Spec spec;
    private MessagePort port;
    private Slots slots;
    private RemoteRegion remote;
    private boolean connected;
    private boolean grantArrived;
    private DisconnectReason ended;

    /** The far end's part in a spec. */
    static Responder of(Spec spec) {
        Responder r = choose(spec);
        r.spec = spec;
        r.slots = new Slots(spec.depth());
        return r;
    }

    private static Responder choose(Spec spec) {
        boolean message = spec.op() == Op.MESSAGE;
        if (spec.mode() == Mode.VERIFY) {
            return message ? new Responders.InvertingEcho() : new Responders.Commanded();
        }
        if (spec.mode() == Mode.THROUGHPUT) {
            return message ? new Responders.Sink() : new Responders.Commanded();
        }
        return switch (spec.op()) {
            case MESSAGE -> new Responders.Echo();
            case WRITE_IMM -> new Responders.ImmediateEcho();
            case WRITE_PINGPONG -> new Responders.Watcher();
            default -> new Responders.Commanded();
        };
    }

    /** Before the first poll. */
    final void attach(Connection c, MemoryRegion memory) {
        connection = c;
        region = memory;
    }

    /** Between polls; for what a callback cannot do. */
    void tick() {}

    /** Whether only the peer works on the region, but for commands now and then. */
    boolean isPassive() {
        return false;
    }

    /** A message, after the peer's grant where there is one. */
    Action received(MemorySegment base, long offset, int length) {
        throw new IllegalArgumentException("a message of " + length + " bytes has no meaning in a pair for "
                + spec.op().label());
    }

    @Override
    public final Action onMessage(Connection c, MemorySegment base, long offset, int length) {
        if (spec.op().isAnsweredByWrites() && !grantArrived) {
            if (length != RemoteRegion.ENCODED_BYTES) {
                throw new IllegalArgumentException("the peer's first message should be a grant but has " + length
                        + " bytes");
            }
            MemorySegment.copy(base, offset, grantOfPeer, 0, length);
            grantArrived = true;
            return Action.CONTINUE;
        }
        return received(base, offset, length);
    }

    @Override
    public final void onCompletion(Connection c, long cookie, Status status, long result) {
        if (spec.op() == Op.MESSAGE) {
            slots.release(cookie);
        }
    }

    @Override
    public final void onConnect(Connection c) {
        connected = true;
        port = new MessagePort(connection, region, NearEnd.slotBytes(spec.sizeBytes()), slots);
    }

    @Override
    public final void onDisconnect(Connection c, DisconnectReason reason) {
        ended = reason;
    }

    final boolean isConnected() {
        return connected;
    }

    final DisconnectReason ended() {
        return ended;
    }

    final boolean isGrantToImport() {
        return grantArrived && remote == null;
    }

    final MemorySegment grantOfPeer() {
        return grantOfPeer;
    }

    final void imported(RemoteRegion r) {
        remote = r;
    }

    final Connection connection() {
        return connection;
    }

    final MemoryRegion region() {
        return region;
    }

    final RemoteRegion remote() {
        return remote;
    }

    final MessagePort port() {
        return port;
    }

    final Spec spec() {
        return spec;
    }
}
