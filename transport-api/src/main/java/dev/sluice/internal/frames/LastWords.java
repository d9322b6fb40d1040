package dev.sluice.internal.frames;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The frame that tells the peer why the connection ends. */
public final class LastWords {
    private static final int MAX_TEXT_BYTES = 200;

    private LastWords() {}

    /** Writes the frame, but for what its header returns, and tells its length. */
    public static int write(MemorySegment to, int type, int flags, int slot, String text) {
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = Arrays.copyOf(all, Math.min(all.length, MAX_TEXT_BYTES));
        int size = Frame.messageBytes(bytes.length);
        MemorySegment frame = to.asSlice(0, size).fill((byte) 0);
        Frame.write(frame, 0, type, flags, slot, bytes.length);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, frame, Frame.HEADER_BYTES, bytes.length);
        return size;
    }
}
