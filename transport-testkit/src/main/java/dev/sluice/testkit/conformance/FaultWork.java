package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.BufferClaim;
import dev.sluice.Connection;
import dev.sluice.GatherList;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.RemoteRegion;
import dev.sluice.Results;
import dev.sluice.SluiceFile;
import dev.sluice.testkit.conformance.Recorder.Event;
import dev.sluice.testkit.conformance.Recorder.Kind;

import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/** One of each operation, short and long, through a connection that may end at any of them. One use. */
final class FaultWork {

    private static final int SHORT = 1000;
    private static final int LONG = 1 << 20;

    private final Rig rig;
    private final Connection near;
    private final Connection through;
    private final MemoryRegion local;
    private final RemoteRegion remote;
    private final SluiceFile file;
    private final BufferClaim claim;
    private final Set<Long> accepted = new HashSet<>();
    private boolean closed;
    private long cookie;

    /**
     * Work to do.
     *
     * @param rig where
     * @param near the connection, as events name it
     * @param through the connection to post on
     * @param local near memory of {@link #localBytes()}
     * @param remote as many bytes, all rights
     * @param file a near file of {@link #localBytes()}, or null
     */
    FaultWork(Rig rig, Connection near, Connection through, MemoryRegion local, RemoteRegion remote, SluiceFile file) {
        this.rig = rig;
        this.near = near;
        this.through = through;
        this.local = local;
        this.remote = remote;
        this.file = file;
        claim = through.newClaim();
    }

    static long localBytes() {
        return LONG;
    }

    /** Posts everything, as far as the connection goes. */
    void run() {
        MemorySegment bytes = local.segment();
        post(Operation.OFFER, () -> through.offer(bytes, 0, SHORT));
        post(Operation.CLAIM, this::claimAndCommit);
        postCookie(Operation.SEND, () -> through.send(local, 0, SHORT, cookie, Connection.MORE));
        postCookie(Operation.SEND, () -> through.send(new GatherList(2).add(local, 0, 8).add(local, 64, 9), cookie, 0));
        postCookie(Operation.WRITE, () -> through.write(local, 0, remote, 0, SHORT, cookie, 0));
        postCookie(Operation.READ, () -> through.read(local, 0, remote, 0, LONG, cookie, 0));
        postCookie(Operation.WRITE, () -> through.write(local, 0, remote, 0, LONG, cookie, Connection.FENCE));
        postCookie(Operation.WRITE_WITH_IMMEDIATE,
                () -> through.writeWithImmediate(local, 0, remote, 0, SHORT, 1, cookie, 0));
        postCookie(Operation.WRITE_WITH_IMMEDIATE,
                () -> through.writeWithImmediate(null, 0, null, 0, 0, 2, cookie, Connection.MORE));
        postCookie(Operation.FETCH_AND_ADD, () -> through.fetchAndAdd(remote, 0, 1, cookie, 0));
        postCookie(Operation.COMPARE_AND_SWAP, () -> through.compareAndSwap(remote, 8, 0, 1, cookie, 0));
        if (file != null) {
            postCookie(Operation.WRITE_FROM_FILE,
                    () -> through.writeFromFile(file, 0, LONG, remote, 0, cookie, 0));
            postCookie(Operation.READ_TO_FILE,
                    () -> through.readToFile(remote, 0, LONG, file, 0, cookie, Connection.FENCE));
        }
        postCookie(Operation.READ, () -> through.read(local, 0, remote, 0, LONG, cookie, 0));
        post(Operation.OFFER, through::flush);
        post(Operation.OFFER, through::shutdownOutput);
    }

    private long claimAndCommit() {
        long answer = through.tryClaim(SHORT, claim);
        if (answer < 0) {
            return answer;
        }
        claim.segment().asSlice(claim.offset(), SHORT).fill((byte) 1);
        return claim.commit();
    }

    private void postCookie(Operation operation, LongSupplier call) {
        cookie++;
        if (post(operation, call)) {
            accepted.add(cookie);
        }
    }

    /** Whether the call was accepted. */
    private boolean post(Operation operation, LongSupplier call) {
        if (!near.transport().capabilities().supports(operation)) {
            return false;
        }
        long[] answer = {call.getAsLong()};
        if (answer[0] == Results.BACK_PRESSURED) {
            rig.pumpUntil(operation + " answered", () -> {
                answer[0] = call.getAsLong();
                return answer[0] != Results.BACK_PRESSURED;
            });
        }
        if (answer[0] < 0) {
            assertEquals("CLOSED", Results.name(answer[0]), operation.name());
            closed = true;
        } else {
            assertTrue(!closed, operation + " was accepted after CLOSED");
        }
        return answer[0] >= 0;
    }

    /** Polls to the end, and checks what the handler heard of it; the scratch memory has at least 8 bytes. */
    void checkEnd(MemoryRegion scratch) {
        rig.pumpUntil("onDisconnect", () -> rig.recorder().count(Kind.DISCONNECT, near) > 0);
        rig.poll();
        List<Event> heard = rig.recorder().events().stream().filter(e -> e.connection() == near).toList();
        assertEquals(1, heard.stream().filter(e -> e.kind() == Kind.DISCONNECT).count(), heard::toString);
        assertEquals(Kind.DISCONNECT, heard.getLast().kind(), heard::toString);
        List<Long> completed = heard.stream().filter(e -> e.kind() == Kind.COMPLETION).map(Event::a).sorted().toList();
        assertEquals(accepted.stream().sorted().toList(), completed, heard::toString);
        assertEquals(0, near.diagnostics().outstandingOperations());
        assertTrue(!near.diagnostics().endedBecause().isEmpty(), "endedBecause is empty");
        assertEquals("CLOSED", Results.name(near.offer(scratch.segment(), 0, 8)));
    }
}
