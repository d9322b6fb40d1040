package dev.sluice.shm.conn;

import dev.sluice.DisconnectReason;
import dev.sluice.SluiceException;
import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Handover;
import dev.sluice.internal.control.Watched;
import dev.sluice.internal.linux.Epoll;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.shm.data.Lifeline;
import dev.sluice.shm.memory.ConnectionMemory;
import dev.sluice.shm.memory.GrantedMemory;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * A connection's socket after the handshake, on the control thread: the end of its stream tells a peer's death at once, the
 * heartbeat in the shared memory that the peer's process runs, and farewells and imports go over it.
 *
 * <p>The heartbeat is counted by the peer's control thread, so it tells nothing about the peer's poller, as it should.
 */
final class ShmLifeline extends Watched implements Lifeline {

    private static final int BEATS_PER_DETECTION_TIME = 5;
    private static final long MIN_INTERVAL_NS = 10_000_000L;
    private static final long MAX_INTERVAL_NS = 1_000_000_000L;
    private static final int MAX_FRAMES_PER_TURN = 16;

    private final ControlLoop loop;
    private final Wire wire;
    private final URI peer;
    private final ConnectionMemory memory;
    private final long detectionNs;
    private final long intervalNs;
    private final Map<Long, Handover<GrantedMemory>> imports = new HashMap<>();
    private volatile Listener listener;
    private long requests;
    private long heard;
    private long heardNs;
    private boolean started;
    private boolean ended;
    private DisconnectReason lostReason;
    private String lostWhy;

    private ShmLifeline(int fd, ControlLoop loop, URI peer, ConnectionMemory memory, Terms mine, Terms theirs) {
        super(fd);
        this.loop = loop;
        this.wire = Wire.of(loop);
        this.peer = peer;
        this.memory = memory;
        detectionNs = mine.detectionNs();
        intervalNs = Math.clamp(Math.min(detectionNs, theirs.detectionNs()) / BEATS_PER_DETECTION_TIME,
                MIN_INTERVAL_NS, MAX_INTERVAL_NS);
        heardNs = loop.nowNs();
    }

    /** Takes the socket over from the handshake. Control thread. */
    static ShmLifeline begin(ControlLoop loop, Watched handshake, URI peer, ConnectionMemory memory, Terms mine,
            Terms theirs) {
        ShmLifeline lifeline = new ShmLifeline(handshake.fd, loop, peer, memory, mine, theirs);
        loop.rewatch(handshake, lifeline, Epoll.EPOLLIN | Epoll.EPOLLRDHUP);
        lifeline.beat();
        loop.deadline(lifeline, loop.nowNs() + lifeline.intervalNs);
        return lifeline;
    }

    /** Tells the listener, once started. */
    Lifeline bind(Listener who) {
        listener = who;
        return this;
    }

    @Override
    public void start() {
        loop.execute(() -> {
            started = true;
            heardNs = loop.nowNs();
            if (lostReason != null) {
                listener.peerLost(lostReason, lostWhy);
            }
        });
    }

    @Override
    public void close(Farewell how, String why) {
        // When the loop is closed already it has ended this, too.
        loop.execute(() -> {
            if (!ended) {
                wire.sendClose(fd, code(how), why);
                end("this connection is closed");
                loop.close(this);
            }
        });
    }

    @Override
    public GrantedMemory importGrant(long key, int slot) throws SluiceException {
        Handover<GrantedMemory> result = new Handover<>(
                late -> FileDescriptors.close(new NativeContext(), late.fd()));
        boolean asked = loop.execute(() -> ask(key, slot, result));
        if (!asked) {
            throw Failure.closed("the transport is closed", peer.toString()).toException();
        }
        // A peer that is gone or frozen is found within the detection time, and fails the imports.
        return result.await(Duration.ofNanos(detectionNs), "importing a region", peer.toString());
    }

    private void ask(long key, int slot, Handover<GrantedMemory> result) {
        if (ended) {
            result.fail(Failure.closed("nothing can be imported on an ended connection", peer.toString()));
            return;
        }
        long request = ++requests;
        int sent = wire.sendImport(fd, request, key, slot);
        if (sent < 0) {
            result.fail(Remedies.failure("the peer cannot be asked for its memory", -sent, peer.toString()));
        } else {
            imports.put(request, result);
        }
    }

    @Override
    public void ready(int events) {
        try {
            for (int frames = 0; frames < MAX_FRAMES_PER_TURN && !ended; frames++) {
                int kind = wire.receive(fd);
                if (kind == 0) {
                    return;
                }
                if (kind < 0) {
                    lost(DisconnectReason.PEER_DIED, "the process of " + peer
                            + " is gone: its socket has ended. Look for why it ended");
                } else {
                    serve(kind);
                }
            }
        } catch (HandshakeException e) {
            lost(DisconnectReason.PROTOCOL_ERROR, "the peer " + peer + " sent what cannot be: " + e.getMessage());
        } finally {
            wire.closeRest();
        }
    }

    private void serve(int kind) throws HandshakeException {
        switch (kind) {
            case Wire.CLOSE -> farewell();
            case Wire.IMPORT -> answer();
            case Wire.IMPORTED -> answered();
            default -> throw new HandshakeException(0, "a frame of kind " + kind + " on an established connection");
        }
    }

    private void farewell() throws HandshakeException {
        String why = wire.closeWhy();
        switch (wire.closeHow()) {
            case Wire.ACCESS_VIOLATION -> lost(DisconnectReason.ACCESS_VIOLATION_BY_PEER,
                    "the peer " + peer + " used memory that it was not granted, and stopped: " + why);
            case Wire.PROTOCOL_ERROR -> lost(DisconnectReason.PROTOCOL_ERROR,
                    "the peer " + peer + " found what cannot be in the shared memory: " + why);
            default -> lost(DisconnectReason.PEER_CLOSED, peer + " closed the connection: " + why);
        }
    }

    private void answer() throws HandshakeException {
        long request = wire.request();
        long key = wire.importKey();
        int slot = wire.importSlot();
        Listener who = listener;
        if (who == null) {
            requireSent(wire.sendImported(fd, request, null));
        } else {
            int[] sent = new int[1];
            who.answerImport(key, slot, granted -> sent[0] = wire.sendImported(fd, request, granted));
            requireSent(sent[0]);
        }
    }

    private static void requireSent(int sent) throws HandshakeException {
        if (sent < 0) {
            throw new HandshakeException(-sent, "it asks for imports and does not take the answers");
        }
    }

    private void answered() throws HandshakeException {
        Handover<GrantedMemory> waiting = imports.remove(wire.request());
        GrantedMemory granted = wire.imported();
        if (waiting == null) {
            throw new HandshakeException(0, "it answers an import that nobody asked for");
        }
        if (granted == null) {
            waiting.fail(new Failure("the peer has no such grant on this connection: it was closed, altered, or is of"
                    + " another connection", 0, peer.toString(), "Let the peer grant again"));
        } else {
            waiting.offer(granted);
        }
    }

    @Override
    public void expired(long dueNs) {
        long nowNs = loop.nowNs();
        long counter = (long) ConnectionMemory.WORD.getAcquire(memory.all(), memory.theirs()
                + ConnectionMemory.HEARTBEAT);
        if (counter != heard || nowNs - dueNs > intervalNs) {
            // Either it was heard, or this process has paused: then the peer has its full time from here on.
            heard = counter;
            heardNs = nowNs;
        }
        beat();
        if (started && nowNs - heardNs >= detectionNs) {
            wire.sendClose(fd, Wire.BY_APPLICATION, "nothing was heard from this process for "
                    + (nowNs - heardNs) / 1_000_000 + " ms");
            lost(DisconnectReason.PEER_UNREACHABLE, "the process of " + peer + " did nothing for "
                    + (nowNs - heardNs) / 1_000_000 + " ms (detectionTime " + detectionNs / 1_000_000
                    + " ms). It is stopped, or its control thread gets no processor");
        } else {
            loop.deadline(this, Math.min(nowNs + intervalNs, Math.max(heardNs + detectionNs, nowNs + 1_000_000)));
        }
    }

    @Override
    public void abandon(String why) {
        if (!ended) {
            wire.sendClose(fd, Wire.BY_APPLICATION, why);
            lost(DisconnectReason.TRANSPORT_ERROR, why);
        }
    }

    private void beat() {
        long mine = memory.mine() + ConnectionMemory.HEARTBEAT;
        ConnectionMemory.WORD.setRelease(memory.all(), mine,
                (long) ConnectionMemory.WORD.getOpaque(memory.all(), mine) + 1);
    }

    private void lost(DisconnectReason reason, String why) {
        lostReason = reason;
        lostWhy = why;
        end(why);
        loop.close(this);
        if (started) {
            listener.peerLost(reason, why);
        }
    }

    private void end(String why) {
        ended = true;
        for (Handover<GrantedMemory> waiting : imports.values()) {
            waiting.fail(Failure.closed("the connection ended during the import: " + why, peer.toString()));
        }
        imports.clear();
        memory.release();
    }

    private static int code(Farewell how) {
        return switch (how) {
            case CLOSED -> Wire.BY_APPLICATION;
            case ACCESS_VIOLATION -> Wire.ACCESS_VIOLATION;
            case PROTOCOL_ERROR -> Wire.PROTOCOL_ERROR;
        };
    }
}
