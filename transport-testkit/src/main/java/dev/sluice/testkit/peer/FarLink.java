package dev.sluice.testkit.peer;

import dev.sluice.Action;
import dev.sluice.Connection;
import dev.sluice.Diagnostics;
import dev.sluice.DisconnectReason;
import dev.sluice.MemoryRegion;
import dev.sluice.Results;
import dev.sluice.Status;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One connection of the far role: how it behaves, and what happened to it. Only its poller's thread uses it. */
final class FarLink {

    private static final int EVENTS_KEPT = 256;

    private final Deque<String> events = new ArrayDeque<>();
    private final Map<Status, Long> completions = new EnumMap<>(Status.class);
    private final List<Job> jobs = new ArrayList<>();
    private final Connection connection;
    private Fields behaviour;
    private MemoryRegion watched;
    private Sink sink;
    private long messages;
    private long messageBytes;
    private long immediates;
    private long aborts;
    private long thrown;
    private long writables;
    private long ends;
    private long connects;
    private long disconnects;
    private long replies;
    private long touched;
    private long memoryMismatches;
    private String reason = "";

    FarLink(Connection connection, Fields behaviour) {
        this.connection = connection;
        behave(behaviour, null);
    }

    /** See {@link ControlCommands}; {@code memory} is null unless it is to be watched. */
    void behave(Fields wanted, MemoryRegion memory) {
        behaviour = wanted;
        watched = memory;
        sink = wanted.has("verify") ? new Sink(wanted.number("verify")) : null;
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

    boolean hasWork() {
        return jobs.stream().anyMatch(job -> !job.isDone());
    }

    Action message(MemorySegment base, long offset, int length) {
        if (abortsAgain()) {
            return Action.ABORT;
        }
        if (behaviour.has("reply") && connection.offer(base, offset, length) == Results.BACK_PRESSURED) {
            aborts++;
            return Action.ABORT;
        }
        replies += behaviour.has("reply") ? 1 : 0;
        messages++;
        messageBytes += length;
        if (sink != null) {
            sink.message(base, offset, length);
        }
        touchMemory();
        event("message:" + length);
        if (messages == behaviour.number("closeAt", -1)) {
            connection.close();
        }
        if (messages == behaviour.number("throwAt", -1)) {
            thrown++;
            throw new PlannedFailure();
        }
        return Action.CONTINUE;
    }

    private boolean abortsAgain() {
        boolean again = aborts < behaviour.number("abortTimes", 0);
        aborts += again ? 1 : 0;
        return again;
    }

    Action immediate(int value, long length) {
        if (abortsAgain()) {
            return Action.ABORT;
        }
        immediates++;
        if (sink != null && length == 0) {
            sink.immediate(value);
        }
        touchMemory();
        event("immediate:" + value + ":" + length);
        return Action.CONTINUE;
    }

    /** What must be in place when a message or immediate arrives is looked at, or overwritten, in its handler. */
    private void touchMemory() {
        if (watched == null) {
            return;
        }
        if (behaviour.has("check")) {
            memoryMismatches += Pattern.mismatches(watched.segment(), 0, watched.lengthBytes(),
                    behaviour.number("check") + touched);
        }
        if (behaviour.has("overwrite")) {
            Pattern.fill(watched.segment(), 0, watched.lengthBytes(), behaviour.number("overwrite") + touched);
        }
        touched++;
    }

    void completion(long cookie, Status status, long result) {
        completions.merge(status, 1L, Long::sum);
        jobs.forEach(job -> job.completed(cookie, status, result));
        event("completion:" + cookie + ":" + status + ":" + result);
    }

    void connect() {
        connects++;
        event("connect");
    }

    void writable() {
        writables++;
        event("writable");
    }

    void end() {
        ends++;
        event("end");
    }

    void disconnect(DisconnectReason why) {
        disconnects++;
        reason = why.name();
        event("disconnect:" + why);
    }

    Fields stats() {
        Fields f = Fields.of("messages", messages, "messageBytes", messageBytes, "immediates", immediates, "aborts",
                aborts, "thrown", thrown, "replies", replies, "writables", writables, "ends", ends, "connects",
                connects, "disconnects", disconnects, "reason", reason, "id", connection.id(), "events",
                String.join(",", events));
        completions.forEach((status, n) -> f.put("completed." + status, n));
        f.put("completions", completions.values().stream().mapToLong(Long::longValue).sum());
        f.put("memoryMismatches", memoryMismatches);
        f.put("mismatches", sink == null ? 0 : sink.mismatches());
        f.put("firstMismatch", sink == null ? "" : sink.firstMismatch());
        f.put("verified", sink == null ? 0 : sink.count());
        jobs.forEach(job -> f.putAll(job.report()));
        return f.putAll(diagnostics(connection.diagnostics()));
    }

    private static Fields diagnostics(Diagnostics d) {
        return Fields.of("copiedBytes", d.copiedBytes(), "sentPosition", d.sentPosition(), "consumedPosition",
                d.consumedPosition(), "receivedPosition", d.receivedPosition(), "outstandingOperations",
                d.outstandingOperations(), "everBackPressured", d.backPressured(), "systemCalls", d.systemCalls(),
                "endedBecause", d.endedBecause());
    }

    private void event(String what) {
        if (events.size() == EVENTS_KEPT) {
            events.removeFirst();
        }
        events.addLast(what);
    }

    /** What a handler throws because the near role asked for it. */
    static final class PlannedFailure extends RuntimeException {

        private static final long serialVersionUID = 1L;

        PlannedFailure() {
            super("thrown by the handler because the test asked for it");
        }
    }
}
