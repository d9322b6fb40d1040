package dev.sluice.testkit.conformance;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Status;
import dev.sluice.testkit.peer.Job;
import dev.sluice.testkit.peer.Sink;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The near role's handler: keeps every event in order, and lets a test say what happens at a
 * message or an immediate. */
public final class Recorder implements CompletionHandler {

    /** What happened. */
    public enum Kind {
        /** {@link CompletionHandler#onConnect}. */
        CONNECT,
        /** {@link CompletionHandler#onMessage} that said {@link Action#CONTINUE}; {@code a} is the length. */
        MESSAGE,
        /** {@link CompletionHandler#onMessage} that said {@link Action#ABORT}; {@code a} is the length. */
        ABORTED,
        /**
         * {@link CompletionHandler#onImmediate} that said {@link Action#CONTINUE}; {@code a} is the value, {@code b} the
         * length.
         */
        IMMEDIATE,
        /** {@link CompletionHandler#onCompletion}; {@code a} is the cookie, {@code b} the result. */
        COMPLETION,
        /** {@link CompletionHandler#onWritable}. */
        WRITABLE,
        /** {@link CompletionHandler#onEnd}. */
        END,
        /** {@link CompletionHandler#onDisconnect}. */
        DISCONNECT
    }

    /**
     * One event.
     *
     * @param kind what happened
     * @param connection where
     * @param a see {@link Kind}
     * @param b see {@link Kind}
     * @param status of a completion, else null
     * @param reason of a disconnect, else null
     */
    public record Event(Kind kind, Connection connection, long a, long b, Status status, DisconnectReason reason) {

        @Override
        public String toString() {
            return kind + "(" + a + "," + b + (status == null ? "" : "," + status)
                    + (reason == null ? "" : "," + reason + ": " + connection.diagnostics().endedBecause()) + ")";
        }
    }

    /** What a test does with a message. */
    @FunctionalInterface
    public interface OnMessage {

        /**
         * Takes a message, as {@link CompletionHandler#onMessage}.
         *
         * @param connection where it arrived
         * @param base its memory
         * @param offset where it begins
         * @param length in bytes
         * @return what to tell the poller
         */
        Action take(Connection connection, MemorySegment base, long offset, int length);
    }

    /** What a test does with an immediate. */
    @FunctionalInterface
    public interface OnImmediate {

        /**
         * Takes an immediate, as {@link CompletionHandler#onImmediate}.
         *
         * @param connection where it arrived
         * @param immediate its 32 bits
         * @param length the bytes written
         * @return what to tell the poller
         */
        Action take(Connection connection, int immediate, long length);
    }

    private final List<Event> events = new ArrayList<>();
    private final List<Job> jobs = new ArrayList<>();
    private OnMessage onMessage = (connection, base, offset, length) -> Action.CONTINUE;
    private OnImmediate onImmediate = (connection, immediate, length) -> Action.CONTINUE;
    private Sink sink;
    private Runnable onEach = () -> {};

    /** Keeps everything, consumes every message. */
    public Recorder() {}

    /**
     * Says what happens at a message from now on.
     *
     * @param handler what to do
     */
    public void atMessage(OnMessage handler) {
        onMessage = handler;
    }

    /**
     * Says what happens at an immediate from now on. One that is aborted is not kept.
     *
     * @param handler what to do
     */
    public void atImmediate(OnImmediate handler) {
        onImmediate = handler;
    }

    /**
     * Says what else happens inside every callback from now on, after the event is kept.
     *
     * @param action what to do
     */
    public void atEach(Runnable action) {
        onEach = action;
    }

    /**
     * Everything so far, in order.
     *
     * @return a live view
     */
    public List<Event> events() {
        return events;
    }

    /**
     * The events of a kind, in order.
     *
     * @param kind which
     * @return a snapshot
     */
    public List<Event> all(Kind kind) {
        return events.stream().filter(e -> e.kind() == kind).toList();
    }

    /**
     * How many events of a kind a connection had.
     *
     * @param kind which
     * @param connection where
     * @return the count
     */
    public long count(Kind kind, Connection connection) {
        return events.stream().filter(e -> e.kind() == kind && e.connection() == connection).count();
    }

    /**
     * The completions with a cookie.
     *
     * @param cookie which
     * @return a snapshot, in order
     */
    public List<Event> completions(long cookie) {
        return events.stream().filter(e -> e.kind() == Kind.COMPLETION && e.a() == cookie).toList();
    }

    /** Forgets everything so far. */
    public void clear() {
        events.clear();
    }

    /** The end of the list, for messages of failed tests. */
    String tail() {
        return events.size() + " events, the last: " + events.subList(Math.max(0, events.size() - 40), events.size());
    }

    /** Messages and pure immediates go to this check as well. */
    void check(Sink with) {
        sink = with;
    }

    void add(Job job) {
        jobs.add(job);
    }

    boolean pump() {
        boolean worked = false;
        for (Job job : jobs) {
            worked |= !job.isDone() && job.pump();
        }
        return worked;
    }

    @Override
    public Action onMessage(Connection connection, MemorySegment base, long offset, int length) {
        Action action = onMessage.take(connection, base, offset, length);
        if (sink != null && action == Action.CONTINUE) {
            sink.message(base, offset, length);
        }
        keep(action == Action.ABORT ? Kind.ABORTED : Kind.MESSAGE, connection, length, 0, null, null);
        return action;
    }

    @Override
    public void onCompletion(Connection connection, long cookie, Status status, long result) {
        jobs.forEach(job -> job.completed(cookie, status, result));
        keep(Kind.COMPLETION, connection, cookie, result, status, null);
    }

    @Override
    public void onDisconnect(Connection connection, DisconnectReason reason) {
        keep(Kind.DISCONNECT, connection, 0, 0, null, reason);
    }

    @Override
    public void onConnect(Connection connection) {
        keep(Kind.CONNECT, connection, 0, 0, null, null);
    }

    @Override
    public Action onImmediate(Connection connection, int immediate, long length) {
        Action action = onImmediate.take(connection, immediate, length);
        if (action == Action.ABORT) {
            return action;
        }
        if (sink != null && length == 0) {
            sink.immediate(immediate);
        }
        keep(Kind.IMMEDIATE, connection, immediate, length, null, null);
        return action;
    }

    @Override
    public void onWritable(Connection connection) {
        keep(Kind.WRITABLE, connection, 0, 0, null, null);
    }

    @Override
    public void onEnd(Connection connection) {
        keep(Kind.END, connection, 0, 0, null, null);
    }

    private void keep(Kind kind, Connection connection, long a, long b, Status status, DisconnectReason reason) {
        events.add(new Event(kind, connection, a, b, status, reason));
        onEach.run();
    }
}
