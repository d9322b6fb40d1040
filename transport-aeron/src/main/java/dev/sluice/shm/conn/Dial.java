package dev.sluice.shm.conn;

import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Handover;
import dev.sluice.internal.control.Refusal;
import dev.sluice.internal.control.Watched;
import dev.sluice.internal.linux.Epoll;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.EventFd;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.UnixSockets;
import dev.sluice.shm.memory.ConnectionMemory;

import java.io.IOException;

/** One attempt to connect, from the socket to the mapped memory. Control thread only. */
final class Dial extends Watched {

    private static final long RETRY_NS = 5_000_000L;

    private final ControlLoop loop;
    private final SocketName name;
    private final Terms mine;
    private final byte[] metadata;
    private final long timeoutNs;
    private final Handover<Established> result;
    private final long endNs;
    private boolean saidHello;
    private boolean over;

    private Dial(int fd, ControlLoop loop, SocketName name, Terms mine, byte[] metadata, long timeoutNs,
            Handover<Established> result) {
        super(fd);
        this.loop = loop;
        this.name = name;
        this.mine = mine;
        this.metadata = metadata;
        this.timeoutNs = timeoutNs;
        this.result = result;
        endNs = loop.nowNs() + timeoutNs;
    }

    /** Begins; the result tells the end. */
    static void begin(ControlLoop loop, SocketName name, Terms mine, byte[] metadata, long timeoutNs,
            Handover<Established> result) {
        if (result.isDone()) {
            return;
        }
        int fd = UnixSockets.open(loop.ctx());
        if (fd < 0) {
            result.fail(Remedies.failure("no socket to connect with", -fd, name.toString()));
            return;
        }
        Dial dial = new Dial(fd, loop, name, mine, metadata, timeoutNs, result);
        int watched = loop.watch(dial, 0);
        if (watched < 0) {
            FileDescriptors.close(loop.ctx(), fd);
            result.fail(Remedies.failure("the socket cannot be watched", -watched, name.toString()));
            return;
        }
        dial.connect();
    }

    private void connect() {
        int connected = UnixSockets.connect(loop.ctx(), fd, name.bytes());
        if (connected == -Errno.EAGAIN && loop.nowNs() - endNs < 0) {
            // The backlog is full: unix(7) has no way to be told when it is not.
            loop.deadline(this, Math.min(loop.nowNs() + RETRY_NS, endNs));
        } else if (connected < 0) {
            fail(Remedies.failure("connecting failed", -connected, name.toString()));
        } else {
            hello();
        }
    }

    private void hello() {
        saidHello = true;
        try {
            int uid = UnixSockets.peer(loop.ctx(), fd).uid();
            if (uid != UnixSockets.userId()) {
                fail(new Failure("user " + uid + " listens there, not user " + UnixSockets.userId(), Errno.EACCES,
                        name.toString(), "Run both ends as the same user"));
                return;
            }
        } catch (ErrnoException e) {
            fail(Remedies.failure("the peer cannot be asked who it is", e.errno(), name.toString()));
            return;
        }
        int sent = Wire.of(loop).sendTerms(fd, Wire.HELLO, mine, metadata);
        // A listener that refuses at once has said so already; that is read first.
        loop.interest(this, Epoll.EPOLLIN | Epoll.EPOLLRDHUP);
        loop.deadline(this, endNs);
        if (sent < 0 && sent != -Errno.EPIPE) {
            fail(Remedies.failure("saying hello failed", -sent, name.toString()));
        }
    }

    @Override
    public void ready(int events) {
        if (!saidHello || over) {
            return;
        }
        if (result.isDone()) {
            end();
            return;
        }
        Wire wire = Wire.of(loop);
        try {
            int kind = wire.receive(fd);
            switch (kind) {
                case 0 -> {
                }
                case -1 -> fail(new Failure("the peer closed the socket during the handshake", Errno.ECONNRESET,
                        name.toString(), "Look at its log for why it ended"));
                case Wire.WELCOME -> welcomed(wire);
                case Wire.REFUSED -> refused(wire.refusal());
                default -> throw new HandshakeException(Refusal.MALFORMED, "frame " + kind + " came out of turn");
            }
        } catch (HandshakeException e) {
            fail(new Failure("the peer broke the handshake: " + e.getMessage(), 0, name.toString(),
                    "Is it Sluice that listens there, of the same release?"));
        } catch (ErrnoException e) {
            fail(Remedies.failure(e.getMessage(), e.errno(), name.toString()));
        } catch (IOException e) {
            fail(new Failure(e.getMessage(), 0, name.toString(), "Is it Sluice that listens there?"));
        } finally {
            wire.closeRest();
        }
    }

    private void welcomed(Wire wire) throws HandshakeException, IOException {
        Terms theirs = wire.terms();
        if (wire.descriptors() != 2) {
            throw new HandshakeException(Refusal.MALFORMED, "a welcome came with " + wire.descriptors()
                    + " descriptors");
        }
        int memoryFd = wire.take(0);
        int peerDoorbell = -1;
        int doorbell = -1;
        boolean done = false;
        try {
            peerDoorbell = wire.takeDoorbell(1);
            doorbell = EventFd.open(loop.ctx());
            if (doorbell < 0) {
                throw new ErrnoException("eventfd", -doorbell);
            }
            ConnectionMemory memory = ConnectionMemory.open(loop.ctx(), memoryFd,
                    new int[]{theirs.ringBytes(), mine.ringBytes()});
            done = true;
            ready(theirs, memory, doorbell, peerDoorbell);
        } finally {
            FileDescriptors.close(loop.ctx(), memoryFd);
            if (!done) {
                closeAll(doorbell, peerDoorbell);
            }
        }
    }

    private void ready(Terms theirs, ConnectionMemory memory, int doorbell, int peerDoorbell) {
        int sent = Wire.of(loop).sendReady(fd, doorbell);
        if (sent < 0) {
            closeAll(doorbell, peerDoorbell);
            memory.release();
            memory.release();
            fail(Remedies.failure("the peer is gone", -sent, name.toString()));
            return;
        }
        over = true;
        ShmLifeline lifeline = ShmLifeline.begin(loop, this, name.uri(), memory, mine, theirs);
        result.offer(new Established(name.uri(), mine.agree(theirs), memory, doorbell, peerDoorbell, lifeline));
    }

    private void closeAll(int... descriptors) {
        for (int each : descriptors) {
            if (each >= 0) {
                FileDescriptors.close(loop.ctx(), each);
            }
        }
    }

    private void refused(Refusal refusal) {
        String who = refusal.byApplication()
                ? "the application at the peer rejected the connection: "
                : "the peer refused the connection: ";
        fail(new Failure(who + refusal.reason(), refusal.code(), name.toString(), ""));
    }

    @Override
    public void expired(long dueNs) {
        if (result.isDone()) {
            end();
        } else if (!saidHello && loop.nowNs() - endNs < 0) {
            connect();
        } else {
            fail(new Failure("the peer did not answer the handshake within " + timeoutNs / 1_000_000 + " ms",
                    Errno.ETIMEDOUT, name.toString(),
                    "Its application must accept the connection; look there, or raise the option 'connectTimeout'"));
        }
    }

    @Override
    public void abandon(String why) {
        fail(Failure.closed(why, name.toString()));
    }

    private void fail(Failure failure) {
        end();
        result.fail(failure);
    }

    private void end() {
        over = true;
        loop.close(this);
    }
}
