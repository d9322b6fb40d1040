package dev.sluice.shm.conn;

import dev.sluice.Options;
import dev.sluice.internal.control.ConnectionFactory;
import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Handover;
import dev.sluice.internal.control.Refusal;
import dev.sluice.internal.control.Watched;
import dev.sluice.internal.linux.Epoll;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.Sockets;
import dev.sluice.internal.linux.UnixSockets;
import dev.sluice.shm.data.Link;

import java.util.function.Consumer;

/** The socket of a listener, on the control thread. */
final class ListenSocket extends Watched {

    private static final int KERNEL_BACKLOG = 1024;
    private static final int MAX_ACCEPTS_PER_TURN = 64;
    private static final int ENFILE = 23;
    private static final long EXHAUSTED_PAUSE_NS = 100_000_000L;

    private final ShmListener listener;
    private final ControlLoop loop;
    private final BoundName bound;

    private ListenSocket(int fd, ShmListener listener, ControlLoop loop, BoundName bound) {
        super(fd);
        this.listener = listener;
        this.loop = loop;
        this.bound = bound;
    }

    /** Opens one and offers its listener. */
    static void open(ControlLoop loop, SocketName name, Options options, ConnectionFactory<Link> factory,
            Consumer<ShmListener> onClose, Handover<ShmListener> result) {
        NativeContext ctx = loop.ctx();
        int fd = UnixSockets.open(ctx);
        if (fd < 0) {
            result.fail(Remedies.failure("no socket to listen with", -fd, name.toString()));
            return;
        }
        Failure failure = null;
        BoundName bound = null;
        try {
            bound = BoundName.listen(ctx, fd, name, KERNEL_BACKLOG);
            ShmListener listener = new ShmListener(loop, options, factory, name.uri(), onClose);
            ListenSocket socket = new ListenSocket(fd, listener, loop, bound);
            int watched = loop.watch(socket, Epoll.EPOLLIN);
            if (watched < 0) {
                throw new ErrnoException("epoll_ctl", -watched);
            }
            listener.listening(socket);
            result.offer(listener);
        } catch (ErrnoException e) {
            failure = Remedies.failure("this address cannot be listened at (" + e.getMessage() + ")", e.errno(),
                    name.toString());
        }
        if (failure != null) {
            if (bound != null) {
                bound.remove();
            }
            FileDescriptors.close(ctx, fd);
            result.fail(failure);
        }
    }

    @Override
    public void ready(int events) {
        for (int i = 0; i < MAX_ACCEPTS_PER_TURN; i++) {
            int accepted = Sockets.accept(loop.ctx(), fd);
            if (accepted >= 0) {
                admit(accepted);
            } else if (accepted == -Errno.EAGAIN) {
                return;
            } else if (accepted == -Errno.EMFILE || accepted == -ENFILE || accepted == -Errno.ENOMEM) {
                // The peer stays in the kernel's queue; looking again at once would only spin.
                loop.interest(this, 0);
                loop.deadline(this, loop.nowNs() + EXHAUSTED_PAUSE_NS);
                return;
            }
        }
    }

    private void admit(int accepted) {
        try {
            UnixSockets.PeerProcess process = UnixSockets.peer(loop.ctx(), accepted);
            if (process.uid() != UnixSockets.userId()) {
                Wire.of(loop).sendRefused(accepted, Refusal.of(Refusal.OTHER_USER,
                        "user " + process.uid() + " is not user " + UnixSockets.userId() + " who listens here"));
                FileDescriptors.close(loop.ctx(), accepted);
                return;
            }
            ArrivingPeer.admit(loop, listener, accepted, process);
        } catch (ErrnoException gone) {
            // What it was is not known, so it is not spoken to.
            FileDescriptors.close(loop.ctx(), accepted);
        }
    }

    @Override
    public void expired(long dueNs) {
        loop.interest(this, Epoll.EPOLLIN);
    }

    @Override
    public void abandon(String why) {
        listener.end(why);
    }

    /** Takes the name away and closes. */
    void close() {
        bound.remove();
        loop.close(this);
    }
}
