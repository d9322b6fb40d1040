package dev.sluice.testkit.hostile;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Status;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the handler of a transport under attack heard. Messages of the honest pair are answered; those of others are noted. */
public final class Heard implements CompletionHandler {
    private static final MemorySegment NOTHING = Arena.global().allocate(1);

    /**
     * A completion.
     *
     * @param connection where
     * @param cookie of the operation
     * @param status how it ended
     * @param result of an atomic, else the bytes
     */
    public record Completion(Connection connection, long cookie, Status status, long result) {}

    /** Connections announced. */
    public final List<Connection> connected = new ArrayList<>();

    /** Connections ended, and why. */
    public final Map<Connection, DisconnectReason> ended = new HashMap<>();

    /** Messages of others than the honest pair. */
    public final List<byte[]> messages = new ArrayList<>();

    /** Lengths of writes that ended in an immediate. */
    public final List<Long> immediateLengths = new ArrayList<>();

    /** Completions, in their order. */
    public final List<Completion> completions = new ArrayList<>();

    /** How many peers ended their output. */
    public int ends;

    /** While false, messages and immediates are left where they are. */
    public boolean taking = true;

    /** While true, an immediate is answered by an empty message. */
    public boolean answering;

    private Connection honest;

    /** Nothing heard yet. */
    Heard() {}

    void honest(Connection connection) {
        honest = connection;
    }

    @Override
    public Action onMessage(Connection c, MemorySegment base, long offset, int length) {
        if (c == honest) {
            return c.offer(base, offset, length) < 0 ? Action.ABORT : Action.CONTINUE;
        }
        if (!taking) {
            return Action.ABORT;
        }
        messages.add(base.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
        return Action.CONTINUE;
    }

    @Override
    public void onCompletion(Connection c, long cookie, Status status, long result) {
        completions.add(new Completion(c, cookie, status, result));
    }

    @Override
    public void onDisconnect(Connection c, DisconnectReason why) {
        ended.put(c, why);
    }

    @Override
    public void onConnect(Connection c) {
        connected.add(c);
    }

    @Override
    public Action onImmediate(Connection c, int immediate, long length) {
        immediateLengths.add(length);
        return answering && c.offer(NOTHING, 0, 0) < 0 ? Action.ABORT : Action.CONTINUE;
    }

    @Override
    public void onEnd(Connection c) {
        ends++;
    }
}
