package dev.sluice.bench.pair;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Status;
import org.HdrHistogram.Histogram;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What happened at the near end, as plain counters that the timing loops look at. One class for every operation, so that
 * the poll loop calls one handler. Use it on the queue's thread.
 */
final class NearEvents implements CompletionHandler {

    private static final int KEPT_BYTES = 128;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final MemorySegment kept = MemorySegment.ofArray(new byte[KEPT_BYTES]);
    private boolean connected;
    private DisconnectReason ended;
    private Status failure;
    private long messages;
    private long immediates;
    private long completions;
    private long lastStamp;
    private long lastLength;
    private long lastResult;
    private MemorySegment capture;
    private Slots slots;
    private Histogram completionTimes;

    @Override
    public Action onMessage(Connection connection, MemorySegment base, long offset, int length) {
        messages++;
        lastLength = length;
        lastStamp = length >= Long.BYTES ? base.get(LONG, offset) : 0;
        if (capture != null) {
            MemorySegment.copy(base, offset, capture, 0, Math.min(length, capture.byteSize()));
        }
        return Action.CONTINUE;
    }

    @Override
    public void onCompletion(Connection connection, long cookie, Status status, long result) {
        completions++;
        lastResult = result;
        if (status != Status.OK) {
            failure = status;
        }
        if (slots != null) {
            if (completionTimes != null) {
                completionTimes.recordValue(System.nanoTime() - slots.postedNs(cookie));
            }
            slots.release(cookie);
        }
    }

    @Override
    public Action onImmediate(Connection connection, int immediate, long length) {
        immediates++;
        lastStamp = immediate;
        lastLength = length;
        return Action.CONTINUE;
    }

    @Override
    public void onConnect(Connection connection) {
        connected = true;
    }

    @Override
    public void onDisconnect(Connection connection, DisconnectReason reason) {
        ended = reason;
    }

    /** From now on messages are copied here, shortened to fit; the far end's first message goes into {@link #kept()}. */
    void captureInto(MemorySegment target) {
        capture = target;
    }

    MemorySegment kept() {
        return kept;
    }

    /** From now on completions release the slot that is their cookie. */
    void releaseInto(Slots target) {
        slots = target;
    }

    /** From now on the time from post to completion is recorded; null ends that. Values are in nanoseconds. */
    void recordCompletionsInto(Histogram target) {
        completionTimes = target;
    }

    boolean isConnected() {
        return connected;
    }

    /** Whether the run cannot go on: an operation failed or the connection ended. */
    boolean isBroken() {
        return ended != null || failure != null;
    }

    DisconnectReason ended() {
        return ended;
    }

    Status failure() {
        return failure;
    }

    long messages() {
        return messages;
    }

    long immediates() {
        return immediates;
    }

    long completions() {
        return completions;
    }

    long lastStamp() {
        return lastStamp;
    }

    long lastLength() {
        return lastLength;
    }

    long lastResult() {
        return lastResult;
    }
}
