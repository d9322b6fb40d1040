package dev.sluice.tcp.data;

import dev.sluice.internal.frames.ExchangeEnding;
import dev.sluice.internal.frames.Lifeline;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.Sockets;

/** The end of a connection over a socket. Under the gate. */
final class Ending extends ExchangeEnding {
    private static final long VERDICT_NS = 200_000_000L;

    private final Channel channel;
    private final FileLane files;
    private final Inbound in;
    private final Outbound out;
    /** For the system calls of who is inside the gate. */
    private NativeContext ctx;

    Ending(Channel channel, FileLane files, Inbound in, Outbound out, Lifeline lifeline) {
        super(channel, lifeline, VERDICT_NS, "the peer " + channel.peer
                + " ended the data socket without a word; its process died or its host reset the connection");
        this.channel = channel;
        this.files = files;
        this.in = in;
        this.out = out;
    }

    void check(NativeContext current) {
        ctx = current;
        check();
    }

    void finish(NativeContext current) {
        ctx = current;
        finish();
    }

    @Override
    protected boolean lastWords(int type, int flags, int slot, String text) {
        return out.lastWords(ctx, type, flags, slot, text);
    }

    @Override
    protected boolean hasUnread() {
        return in.likelyMore();
    }

    @Override
    protected void closeStreams() {
        Sockets.shutdown(ctx, channel.fd, Sockets.SHUT_RDWR);
        FileDescriptors.close(ctx, channel.fd);
    }

    @Override
    protected void closeFiles() {
        files.close();
    }
}
