package dev.sluice.tcp.conn;

import dev.sluice.DisconnectReason;
import dev.sluice.internal.frames.Lifeline;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What a connection hears of its peer. */
final class PeerObserver implements Lifeline.Listener {
    record Loss(DisconnectReason reason, String why) {}

    final BlockingQueue<Loss> losses = new LinkedBlockingQueue<>();

    final BlockingQueue<Long> consumed = new LinkedBlockingQueue<>();

    final AtomicLong ownConsumed = new AtomicLong();

    @Override
    public void peerLost(DisconnectReason reason, String why) {
        losses.add(new Loss(reason, why));
    }

    @Override
    public void peerConsumed(long position) {
        consumed.add(position);
    }

    @Override
    public long consumedPosition() {
        return ownConsumed.get();
    }

    Loss awaitLoss() throws InterruptedException {
        Loss loss = losses.poll(TestTime.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        if (loss == null) {
            throw new AssertionError("the peer is not reported as lost");
        }
        return loss;
    }
}
