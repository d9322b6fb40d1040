package dev.sluice.rdma.data;

import dev.sluice.DisconnectReason;
import dev.sluice.SluiceException;
import dev.sluice.spi.data.SpinGate;

import java.io.IOException;

/** Stops the device for one connection. Under the gate, which it leaves while it waits. */
final class Teardown {
    private static final long FAREWELL_NS = 500_000_000L;
    /** Towards a peer that is silent, as the poller waits: a hundred of them at once must not stop it for long. */
    private static final long SHORT_FAREWELL_NS = 50_000_000L;
    private static final long DRAIN_NS = 2_000_000_000L;

    private final RdmaQueue queue;
    private final SpinGate gate;
    private final NativeEnd end;
    private final SendQueue sends;
    private final ReceiveQueue receives;
    private final Outbound out;

    Teardown(RdmaQueue queue, NativeEnd end, SendQueue sends, ReceiveQueue receives, Outbound out) {
        this.queue = queue;
        gate = queue.gate();
        this.end = end;
        this.sends = sends;
        this.receives = receives;
        this.out = out;
    }

    /** Tells the peer, if it may still listen; its device confirms, so this is short while the network works. */
    void farewell(DisconnectReason reason, long code) {
        if (sends.hasControlRoom() && reason != DisconnectReason.PEER_CLOSED && reason != DisconnectReason.PEER_DIED) {
            sends.ring();
            out.postFarewell(code);
            long limitNs = reason == DisconnectReason.PEER_UNREACHABLE ? SHORT_FAREWELL_NS : FAREWELL_NS;
            awaitDrained(System.nanoTime() + limitNs, false);
        }
    }

    /** Lets what is under way come back flushed: after this the device touches no memory. What went wrong, or null. */
    String drain() {
        String trouble = null;
        try {
            end.queuePair().toError();
        } catch (SluiceException e) {
            trouble = e.getMessage();
        }
        if (!sends.isEmpty() && sends.hasMarkerRoom()) {
            // What was posted without a signal and is done would never say so.
            out.postMarker();
        }
        awaitDrained(System.nanoTime() + DRAIN_NS, true);
        return trouble == null && !isDrained(true)
                ? "after " + DRAIN_NS / 1_000_000 + " ms the device still had requests"
                : trouble;
    }

    private boolean isDrained(boolean receivesToo) {
        return sends.isEmpty() && (!receivesToo || receives.isEmpty());
    }

    private void awaitDrained(long deadlineNs, boolean receivesToo) {
        queue.progress();
        while (!isDrained(receivesToo) && System.nanoTime() - deadlineNs < 0) {
            gate.exit();
            Thread.yield();
            gate.enter();
            queue.progress();
        }
    }

    /** Tells the connection manager. For the reaper. */
    void disconnect() throws SluiceException {
        try {
            end.id().disconnect();
        } catch (SluiceException e) {
            throw e;
        } catch (IOException e) {
            throw new SluiceException("disconnecting failed: " + e.getMessage(), 0, end.id().toString(), "", e);
        }
    }

    /** Frees everything. For the reaper, once. */
    void destroy() throws SluiceException {
        sends.close();
        receives.close();
        end.destroy();
    }
}
