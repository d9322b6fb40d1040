package dev.sluice.tcp.conn;

import dev.sluice.DisconnectReason;
import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.Watched;
import dev.sluice.internal.frames.Agreement;
import dev.sluice.internal.frames.Lifeline;
import dev.sluice.internal.frames.Terms;
import dev.sluice.internal.linux.Epoll;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.SocketIo;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URI;

/**
 * The second socket of a connection. Each side judges by its own detection time and sends five heartbeats within that of the
 * other. It beats from the end of the handshake on, and judges from {@link #start()} on. Fields without a modifier of
 * concurrency belong to the control thread.
 */
final class TcpLifeline extends Watched implements Lifeline {

    private static final int BEATS_PER_DETECTION_TIME = 5;
    private static final long MIN_INTERVAL_NS = 10_000_000L;
    private static final long MAX_INTERVAL_NS = 1_000_000_000L;
    private static final int MAX_READS_PER_TURN = 16;

    private final ControlLoop loop;
    private final URI peer;
    private final long detectionNs;
    private final long intervalNs;
    private final long pauseNs;
    private final Beats beats;
    private final MemorySegment unsent = MemorySegment.ofArray(new byte[Beats.BYTES]);
    private volatile Listener listener;
    private int unsentFrom = Beats.BYTES;
    private long sentCounter;
    private long lastConsumed;
    private long toldConsumed;
    private long heardNs;
    private long nextBeatNs;
    private boolean started;
    private boolean ended;
    private DisconnectReason lostReason;
    private String lostWhy;

    private TcpLifeline(int fd, ControlLoop loop, URI peer, Terms mine, Terms theirs) {
        super(fd);
        this.loop = loop;
        this.peer = peer;
        Agreement agreement = mine.agree(theirs);
        detectionNs = mine.detectionNs();
        intervalNs = interval(theirs.detectionNs());
        pauseNs = interval(detectionNs);
        beats = new Beats(agreement.localPosition());
        lastConsumed = agreement.peerPosition();
        toldConsumed = agreement.localPosition();
        heardNs = loop.nowNs();
        nextBeatNs = heardNs;
    }

    /** Takes over a socket whose handshake is done, and begins to beat. Control thread. */
    static TcpLifeline begin(ControlLoop loop, Watched handshake, URI peer, Terms mine, Terms theirs) {
        TcpLifeline lifeline = new TcpLifeline(handshake.fd, loop, peer, mine, theirs);
        loop.rewatch(handshake, lifeline, Epoll.EPOLLIN | Epoll.EPOLLRDHUP);
        lifeline.schedule();
        return lifeline;
    }

    private static long interval(long detectionNs) {
        return Math.clamp(detectionNs / BEATS_PER_DETECTION_TIME, MIN_INTERVAL_NS, MAX_INTERVAL_NS);
    }

    /** Says who hears of the peer; before {@link #start()}. */
    Lifeline bind(Listener who) {
        listener = who;
        return this;
    }

    @Override
    public void start() {
        loop.execute(() -> {
            started = true;
            heardNs = loop.nowNs();
            tellConsumed();
            if (lostReason != null) {
                listener.peerLost(lostReason, lostWhy);
            } else if (!ended) {
                schedule();
            }
        });
    }

    @Override
    public void close() {
        // When the loop is closed already it has closed the socket, too.
        loop.execute(this::farewell);
    }

    @Override
    public void ready(int events) {
        for (int reads = 0; reads < MAX_READS_PER_TURN && !ended; reads++) {
            MemorySegment buffer = loop.buffer();
            long received = SocketIo.recv(loop.ctx(), fd, buffer.address(), ControlLoop.BUFFER_BYTES, 0);
            if (received < 0 && SocketErrors.isTransient((int) -received)) {
                return;
            }
            if (received <= 0) {
                streamEnded((int) -received);
                return;
            }
            heard(buffer, received);
        }
    }

    private void heard(MemorySegment buffer, long received) {
        heardNs = loop.nowNs();
        String wrong = beats.accept(buffer, received);
        if (wrong != null) {
            lost(DisconnectReason.PEER_DIED, "the heartbeat of " + peer + " is malformed: " + wrong
                    + ". Is another program talking to this port?");
        } else if (beats.farewell()) {
            lost(DisconnectReason.PEER_CLOSED, peer + " closed the connection");
        } else {
            tellConsumed();
        }
    }

    private void tellConsumed() {
        if (started && beats.consumed() != toldConsumed) {
            toldConsumed = beats.consumed();
            listener.peerConsumed(toldConsumed);
        }
    }

    private void streamEnded(int errno) {
        String how = errno == 0 ? "the end of the stream" : Errno.describe(errno);
        lost(DisconnectReason.PEER_DIED, "the process of " + peer + " is gone: its heartbeat ended with " + how
                + ". Look on its host for why it ended");
    }

    @Override
    public void expired(long dueNs) {
        long nowNs = loop.nowNs();
        if (nowNs - dueNs > pauseNs) {
            // It was this process that paused. What had arrived is read already; from here on the peer has its full time.
            heardNs = nowNs;
        }
        if (nowNs - nextBeatNs >= 0) {
            nextBeatNs = nowNs + intervalNs;
            beat(Beats.BEAT);
        }
        if (started && !ended && nowNs - heardNs >= detectionNs) {
            lost(DisconnectReason.PEER_UNREACHABLE, "nothing was heard from the process of " + peer + " for "
                    + (nowNs - heardNs) / 1_000_000 + " ms (detectionTime " + detectionNs / 1_000_000
                    + " ms). It is stopped, or the network between is down");
        }
        if (!ended) {
            schedule();
        }
    }

    @Override
    public void abandon(String why) {
        if (!ended) {
            beat(Beats.FAREWELL);
            lost(DisconnectReason.TRANSPORT_ERROR, why);
        }
    }

    private void schedule() {
        long judgeNs = heardNs + detectionNs;
        loop.deadline(this, started && judgeNs - nextBeatNs < 0 ? judgeNs : nextBeatNs);
    }

    /** Sends a heartbeat, unless the kernel has no room: then the peer has enough of them to read. */
    private void beat(long mark) {
        if (unsentFrom < Beats.BYTES) {
            send();
        }
        if (unsentFrom < Beats.BYTES || ended) {
            return;
        }
        Listener who = listener;
        if (who != null) {
            lastConsumed = who.consumedPosition();
        }
        Beats.encode(unsent, mark, sentCounter + 1, lastConsumed);
        unsentFrom = 0;
        send();
        if (unsentFrom == 0) {
            unsentFrom = Beats.BYTES;
        } else {
            sentCounter++;
        }
    }

    private void send() {
        int length = Beats.BYTES - unsentFrom;
        MemorySegment.copy(unsent, ValueLayout.JAVA_BYTE, unsentFrom, loop.buffer(), ValueLayout.JAVA_BYTE, 0, length);
        long sent = SocketIo.send(loop.ctx(), fd, loop.buffer().address(), length, SocketIo.MSG_NOSIGNAL);
        if (sent >= 0) {
            unsentFrom += (int) sent;
        } else if (!SocketErrors.isTransient((int) -sent)) {
            // What the peer said before it went tells more than this error.
            ready(0);
            if (!ended) {
                streamEnded((int) -sent);
            }
        }
    }

    private void lost(DisconnectReason reason, String why) {
        ended = true;
        loop.close(this);
        lostReason = reason;
        lostWhy = why;
        if (started) {
            listener.peerLost(reason, why);
        }
    }

    /** Tells the peer that the close is intended; reads first, because a close with unread bytes resets the connection. */
    private void farewell() {
        if (ended) {
            return;
        }
        started = false;
        ready(0);
        if (!ended) {
            beat(Beats.FAREWELL);
        }
        ended = true;
        loop.close(this);
    }
}
