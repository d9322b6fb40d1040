package dev.sluice.testkit.conformance;

import dev.sluice.Connection;
import dev.sluice.Results;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.Status;
import dev.sluice.testkit.conformance.Recorder.Event;
import dev.sluice.testkit.conformance.Recorder.Kind;
import dev.sluice.testkit.peer.Fields;
import dev.sluice.testkit.peer.Flood;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.LongSupplier;

/** One connection of a test: its near end, and the name of its far end. */
public final class Link {

    private final Rig rig;
    private final Connection near;
    private final String far;

    Link(Rig rig, Connection near, String far) {
        this.rig = rig;
        this.near = near;
        this.far = far;
    }

    /**
     * The near end.
     *
     * @return the connection
     */
    public Connection near() {
        return near;
    }

    /**
     * The far end.
     *
     * @return its name in the session
     */
    public String far() {
        return far;
    }

    /** Polls until both sides had {@code onConnect}. */
    public void becomeReady() {
        rig.pumpUntil("onConnect on the near side", () -> rig.recorder().count(Kind.CONNECT, near) == 1);
        farUntil("connects", 1);
    }

    /**
     * Asks the far role about or through this connection.
     *
     * @param verb the command
     * @param keysAndValues its values besides {@code c}
     * @return the reply
     */
    public Fields call(String verb, Object... keysAndValues) {
        return rig.far().call(verb, Fields.of(keysAndValues).put("c", far));
    }

    /**
     * One counter of the far end.
     *
     * @param key its name
     * @return its value now
     */
    public long farCount(String key) {
        return call("stats").number(key, 0);
    }

    /** Waits until the far end has ended, too, and keeps nothing of it there. */
    public void forgetFar() {
        farUntil("disconnects", 1);
        call("forget");
    }

    /**
     * Polls until a counter of the far end has grown.
     *
     * @param key its name
     * @param atLeast to what
     */
    public void farUntil(String key, long atLeast) {
        rig.pumpUntil("far " + key + " >= " + atLeast, () -> farCount(key) >= atLeast);
    }

    /**
     * Waits, without polling here, until a counter of the far end has grown.
     *
     * @param key its name
     * @param atLeast to what
     */
    public void farUntilWithoutPolling(String key, long atLeast) {
        call("until", "key", key, "atLeast", atLeast, "limitMs", Rig.LIMIT.toMillis());
    }

    /**
     * Memory of the far role that this connection may touch.
     *
     * @param bytes the length
     * @param rights what is granted
     * @return the memory, imported
     * @throws SluiceException when it cannot be imported
     */
    public FarMemory farMemory(long bytes, Right... rights) throws SluiceException {
        return new FarMemory(rig, this, bytes, rights);
    }

    /**
     * Posts until it is accepted, polling while back-pressured.
     *
     * @param what for the message
     * @param post the call
     * @return what the accepted call answered
     * @throws AssertionError when it is refused otherwise, or not accepted in time
     */
    public long post(String what, LongSupplier post) {
        long[] result = {post.getAsLong()};
        if (result[0] == Results.BACK_PRESSURED) {
            rig.pumpUntil(what + " accepted", () -> {
                result[0] = post.getAsLong();
                return result[0] != Results.BACK_PRESSURED;
            });
        }
        if (result[0] < 0) {
            throw new AssertionError(what + " answered " + Results.name(result[0]) + "; " + near.diagnostics()
                    .endedBecause());
        }
        return result[0];
    }

    /**
     * Polls until an operation has completed.
     *
     * @param cookie its cookie
     * @return its first completion
     */
    public Event completion(long cookie) {
        rig.pumpUntil("completion " + cookie, () -> !rig.recorder().completions(cookie).isEmpty());
        return rig.recorder().completions(cookie).getFirst();
    }

    /**
     * Posts, and polls until that is completed with {@link Status#OK}.
     *
     * @param what for the message
     * @param cookie its cookie
     * @param post the call
     * @return the completion's result
     */
    public long complete(String what, long cookie, LongSupplier post) {
        post(what, post);
        return complete(cookie);
    }

    /**
     * Polls until an accepted operation is completed with {@link Status#OK}.
     *
     * @param cookie its cookie
     * @return the completion's result
     */
    public long complete(long cookie) {
        Event event = completion(cookie);
        if (event.status() != Status.OK) {
            throw new AssertionError("completed with " + event + "; " + near.diagnostics().endedBecause());
        }
        return event.b();
    }

    /**
     * Floods the far end from here while the test polls.
     *
     * @param count messages
     * @param minBytes shortest
     * @param maxBytes longest
     * @param seed of the stream
     * @param by how
     * @return the running job
     * @throws SluiceException when its memory cannot be had
     */
    public Flood flood(long count, int minBytes, int maxBytes, long seed, Flood.By by) throws SluiceException {
        return rig.run(new Flood(near, count, minBytes, maxBytes, seed, by));
    }

    /**
     * Proves that the connection still works both ways: sends a message that the far end answers, and waits for it. The far
     * end's way with messages is changed to a plain echo.
     */
    public void proveAlive() {
        call("handle", "reply", "offer");
        List<Event> events = rig.recorder().events();
        int before = events.size();
        byte[] probe = {1, 2, 3};
        post("probe", () -> near.offer(MemorySegment.ofArray(probe), 0, probe.length));
        rig.pumpUntil("the answer to a probe", () -> events.subList(before, events.size()).stream()
                .anyMatch(e -> e.kind() == Kind.MESSAGE && e.connection() == near && e.a() == probe.length));
    }
}
