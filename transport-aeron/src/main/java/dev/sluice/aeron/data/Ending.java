package dev.sluice.aeron.data;

import dev.sluice.internal.frames.ExchangeEnding;
import dev.sluice.internal.frames.Lifeline;

/** The end of a connection over Aeron, whose streams the lifeline closes. Under the gate. */
final class Ending extends ExchangeEnding {
    private static final long VERDICT_NS = 1_000_000_000L;

    private final Input input;
    private final Posting posting;
    private final FileLane files;
    private final Inbound in;
    private final Outbound out;

    Ending(Channel channel, Posting posting, FileLane files, Inbound in, Outbound out, Lifeline lifeline) {
        super(channel, lifeline, VERDICT_NS, "the stream of " + channel.peer
                + " ended without a word; its process died or its media driver was stopped");
        input = channel.input;
        this.posting = posting;
        this.files = files;
        this.in = in;
        this.out = out;
    }

    @Override
    protected boolean lastWords(int type, int flags, int slot, String text) {
        posting.dropClaim();
        return out.lastWords(type, flags, slot, text);
    }

    @Override
    protected boolean hasUnread() {
        return in.likelyMore();
    }

    @Override
    protected boolean isOutputRead() {
        return super.isOutputRead() || input.isAtEnd();
    }

    @Override
    protected void closeStreams() {
        // The lifeline says farewell on its own stream first, and closes all of them behind that.
    }

    @Override
    protected void closeFiles() {
        files.close();
    }
}
