package dev.sluice.internal.frames;

import java.lang.foreign.MemorySegment;

/** Looks at a header before anything is reserved for it or waited for. */
public final class FrameCheck {
    private static final int MAX_TEXT_BYTES = 256;

    private final Exchange channel;

    public FrameCheck(Exchange channel) {
        this.channel = channel;
    }

    /** Checks the announced type and length before anything is reserved or waited for. */
    public boolean isSound(MemorySegment s, long at, int type, int length) {
        if (Frame.mark(s, at) != Frame.MARK || Frame.extensionBytes(type) < 0) {
            channel.violation(false, -1, "sent a frame with mark " + Integer.toHexString(Frame.mark(s, at) & 0xffff)
                    + " and type " + type + ", which do not exist");
            return false;
        }
        return isAllowed(type, length);
    }

    /** The same for a header whose mark and type were looked at. */
    public boolean isAllowed(int type, int length) {
        int limit = switch (type) {
            case Frame.MESSAGE -> channel.agreement.maxMessageBytes();
            case Frame.WRITE, Frame.DATA, Frame.FILE_WRITE -> Frame.MAX_CHUNK_BYTES;
            case Frame.CLOSE, Frame.TERMINATE -> MAX_TEXT_BYTES;
            default -> 0;
        };
        if (length < 0 || length > limit) {
            channel.violation(false, -1, "announced " + length + " bytes in a frame of type " + type + ", of at most "
                    + limit);
            return false;
        }
        if (type == Frame.MESSAGE && !channel.flow.accepts(Frame.messageBytes(length))) {
            channel.violation(false, -1, "sent a message without credit for it");
            return false;
        }
        return true;
    }
}
