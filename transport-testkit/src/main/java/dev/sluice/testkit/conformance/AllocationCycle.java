package dev.sluice.testkit.conformance;

import com.sun.management.ThreadMXBean;
import dev.sluice.BufferClaim;
import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.FileMode;
import dev.sluice.Grant;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.Options;
import dev.sluice.RemoteRegion;
import dev.sluice.Results;
import dev.sluice.Right;
import dev.sluice.SluiceFile;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Tuning;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** One thread runs both ends of a connection, one operation after the other, and looks at what it has allocated. */
final class AllocationCycle implements AutoCloseable {

    /** How many operations one look covers. */
    static final int OPERATIONS = 500;

    private static final Duration WARM_UP = Tuning.seconds(10);
    private static final int BYTES = 4096;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What is looked at. */
    enum Kind {
        /** Claim and commit. */
        CLAIM(Operation.CLAIM),
        /** Offer. */
        OFFER(Operation.OFFER),
        /** Send. */
        SEND(Operation.SEND),
        /** Write. */
        WRITE(Operation.WRITE),
        /** Write with immediate. */
        IMMEDIATE(Operation.WRITE_WITH_IMMEDIATE),
        /** Read. */
        READ(Operation.READ),
        /** Fetch and add. */
        ADD(Operation.FETCH_AND_ADD),
        /** Compare and swap. */
        SWAP(Operation.COMPARE_AND_SWAP),
        /** A piece of a file into the peer's memory. */
        FROM_FILE(Operation.WRITE_FROM_FILE),
        /** The peer's memory into a piece of a file. */
        TO_FILE(Operation.READ_TO_FILE);

        private final Operation operation;

        Kind(Operation operation) {
            this.operation = operation;
        }

        Operation operation() {
            return operation;
        }
    }

    /** A second class at the call sites of the handler. */
    private static final class SecondCounter extends Counter {}

    /** A third one. */
    private static final class ThirdCounter extends Counter {}

    private final Connection near;
    private final CompletionQueue nearQueue;
    private final CompletionQueue otherQueue;
    private final Counter[] handlers = {new Counter(), new SecondCounter(), new ThirdCounter()};
    private final MemoryRegion local;
    private final MemoryRegion target;
    private final MemorySegment heap = MemorySegment.ofArray(new byte[BYTES]);
    private final RemoteRegion remote;
    private final BufferClaim claim;
    private final Path path;
    private final SluiceFile file;
    private long turn;

    AllocationCycle(Rig rig, Subject subject) throws IOException {
        nearQueue = rig.queue();
        otherQueue = rig.transport().newQueue(Options.none());
        LocalPair pair = LocalPair.of(rig, subject, otherQueue, Settings.none());
        near = pair.dialled();
        Recorder recorder = rig.recorder();
        rig.pumpUntil("both ends", () -> {
            otherQueue.poll(recorder, 1);
            return recorder.all(Recorder.Kind.CONNECT).size() == 2;
        });
        local = rig.memory(BYTES);
        target = rig.memory(BYTES);
        Grant grant = pair.accepted().grant(target, 0, BYTES, Set.of(Right.values()));
        MemorySegment encoded = MemorySegment.ofArray(new byte[RemoteRegion.ENCODED_BYTES]);
        grant.encode(encoded, 0);
        remote = near.importRegion(encoded, 0);
        claim = near.newClaim();
        path = Files.createTempFile("sluice-allocation", null);
        Files.write(path, new byte[BYTES]);
        file = rig.transport().openFile(path, FileMode.READ_WRITE, Options.none());
    }

    /** Looks again and again, until it sees nothing or the time to get warm is over. */
    long leastBytes(Kind kind) {
        long endNs = System.nanoTime() + WARM_UP.toNanos();
        long least = Long.MAX_VALUE;
        while (least != 0 && System.nanoTime() - endNs < 0) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < OPERATIONS; i++) {
                operate(kind);
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private void operate(Kind kind) {
        long before = arrived();
        while (post(kind) == Results.BACK_PRESSURED) {
            poll();
        }
        boolean completes = kind != Kind.CLAIM && kind != Kind.OFFER;
        boolean delivers = !completes || kind == Kind.SEND || kind == Kind.IMMEDIATE;
        long expected = before + (completes ? 1 : 0) + (delivers ? 1 : 0);
        while (arrived() < expected) {
            poll();
        }
    }

    private long post(Kind kind) {
        return switch (kind) {
            case CLAIM -> claimAndCommit();
            case OFFER -> near.offer(heap, 0, 64);
            case SEND -> near.send(local, 0, 64, 1, 0);
            case WRITE -> near.write(local, 0, remote, 0, BYTES, 1, 0);
            case IMMEDIATE -> near.writeWithImmediate(local, 0, remote, 0, 64, 7, 1, 0);
            case READ -> near.read(local, 0, remote, 0, BYTES, 1, 0);
            case ADD -> near.fetchAndAdd(remote, 8, 1, 1, 0);
            case SWAP -> near.compareAndSwap(remote, 16, 0, 0, 1, 0);
            case FROM_FILE -> near.writeFromFile(file, 0, BYTES, remote, 0, 1, 0);
            case TO_FILE -> near.readToFile(remote, 0, BYTES, file, 0, 1, 0);
        };
    }

    private long claimAndCommit() {
        long result = near.tryClaim(64, claim);
        return result < 0 ? result : claim.commit();
    }

    private void poll() {
        turn++;
        nearQueue.poll(handlers[(int) (turn % 3)], 16);
        otherQueue.poll(handlers[(int) ((turn + 1) % 3)], 16);
        if (turn % 64 == 0) {
            nearQueue.await(0);
        }
    }

    private long arrived() {
        long sum = 0;
        for (int i = 0; i < handlers.length; i++) {
            sum += handlers[i].messages + handlers[i].immediates + handlers[i].completions;
        }
        return sum;
    }

    @Override
    public void close() throws IOException {
        near.close();
        otherQueue.close();
        local.close();
        target.close();
        file.close();
        Files.delete(path);
    }

    /** Looks at every operation that the transport offers; the exit code is the number of those that allocate. */
    public static void main(String[] args) throws Exception {
        Subject subject = Subject.of(args[0], args[1]);
        int bad = 0;
        try (Rig rig = new Rig(subject, Settings.none()); AllocationCycle cycle = new AllocationCycle(rig, subject)) {
            List<Kind> kinds = Arrays.stream(Kind.values())
                    .filter(kind -> rig.capabilities().supports(kind.operation())).toList();
            for (Kind kind : kinds) {
                long bytes = cycle.leastBytes(kind);
                System.out.println(kind + ": " + bytes + " bytes by " + OPERATIONS + " operations");
                bad += bytes == 0 ? 0 : 1;
            }
        }
        System.exit(bad);
    }
}
