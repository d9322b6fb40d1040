package dev.sluice.tcp.conn;

import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.Refusal;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.SocketIo;
import dev.sluice.internal.linux.SocketOptions;
import dev.sluice.internal.linux.Sockets;
import dev.sluice.tcp.conn.Hello.Kind;

import java.lang.foreign.MemorySegment;

/**
 * Sends and receives the frames of the handshake by way of the loop's buffer. A frame that is not complete yet stays in the
 * socket: it is looked at, not taken, so nothing is held for it here. Control thread only.
 */
final class HandshakeIo {
    /** The congestion control that knows losses only; in every kernel, and allowed to everybody. */
    static final String WITHIN_HOST = "reno";

    private HandshakeIo() {}

    /** Sends a hello or welcome; 0, or minus the errno. */
    static int send(ControlLoop loop, int fd, Hello hello) {
        return send(loop, fd, Wire.encode(hello, loop.buffer()));
    }

    /** Sends a refusal; 0, or minus the errno. */
    static int send(ControlLoop loop, int fd, Refusal refusal) {
        return send(loop, fd, Wire.encode(refusal, loop.buffer()));
    }

    /** Nothing was sent on this socket before, so the kernel has room for all of it. */
    private static int send(ControlLoop loop, int fd, int lengthBytes) {
        long sent = SocketIo.send(loop.ctx(), fd, loop.buffer().address(), lengthBytes, SocketIo.MSG_NOSIGNAL);
        return sent == lengthBytes ? 0 : sent < 0 ? (int) sent : -Errno.EAGAIN;
    }

    /**
     * Takes a frame out of the socket into the loop's buffer, once it is all there.
     *
     * @return its kind, or null when more must come
     * @throws HandshakeException when it is malformed
     * @throws EndOfStream when the peer has ended or broken the stream
     */
    static Kind receive(ControlLoop loop, int fd) throws HandshakeException, EndOfStream {
        MemorySegment buffer = loop.buffer();
        long seen = SocketIo.recv(loop.ctx(), fd, buffer.address(), Wire.REFUSAL_BYTES, SocketIo.MSG_PEEK);
        if (seen == -Errno.EAGAIN || seen == -Errno.EINTR) {
            return null;
        }
        if (seen <= 0) {
            throw new EndOfStream((int) -seen);
        }
        int lengthBytes = Wire.frameBytes(buffer, seen);
        if (seen < lengthBytes) {
            return null;
        }
        long taken = SocketIo.recv(loop.ctx(), fd, buffer.address(), lengthBytes, 0);
        if (taken != lengthBytes) {
            throw new EndOfStream((int) Math.max(-taken, 0));
        }
        return Wire.kind(buffer);
    }

    /**
     * What every connected socket is set to: nothing waits for a fuller segment, nor, within this host, for what a model of a
     * network takes its speed to be.
     */
    static int prepare(ControlLoop loop, int fd) {
        NativeContext ctx = loop.ctx();
        int result = SocketOptions.set(ctx, fd, SocketOptions.IPPROTO_TCP, SocketOptions.TCP_NODELAY, 1);
        try {
            return result == 0 && Addresses.withinHost(Sockets.localAddress(ctx, fd), Sockets.peerAddress(ctx, fd))
                    ? SocketOptions.setCongestionControl(ctx, fd, WITHIN_HOST)
                    : result;
        } catch (ErrnoException e) {
            return -e.errno();
        }
    }

    /** The peer has ended the stream in the middle of the handshake. */
    static final class EndOfStream extends Exception {
        private static final long serialVersionUID = 1L;

        private final int errno;

        EndOfStream(int errno) {
            super(null, null, false, false);
            this.errno = errno;
        }

        /** The error number, 0 for a proper end. */
        int errno() {
            return errno;
        }
    }
}
