package dev.sluice.aeron.data;

import dev.sluice.internal.linux.AsymmetricFence;
import dev.sluice.internal.linux.Futex;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * By which processes that share a driver wake each other: a file of words beside the logs. A poller that sleeps long over IPC
 * does so on a word of its own, its bell, and writes its number into the place of each session that it expects data of; who
 * sends looks there. Numbers may coincide: then somebody wakes in vain, or sleeps until its time is up. The driver's thread has
 * the first bell for itself. Any thread.
 *
 * <p>
 * A poller says that it sleeps, then fences, then looks for data once more; who sends commits and then looks whether somebody sleeps,
 * with no fence of its own where all processes can be fenced from outside ({@link AsymmetricFence}). Where one was told not to do that,
 * its own pollers do not sleep long, and it fences what it sends.
 */
public final class Bells {
    private static final String FILE = "sluice-bells";
    /** The first half are places of sessions, the second one bells. */
    static final int WORDS = 1 << 14;
    private static final int HALF = WORDS / 2;
    /** The bell of the driver's thread. */
    public static final int DRIVER = HALF;

    private static final int SPREAD = 0x9E3779B9;
    private static final int SPREAD_SHIFT = Integer.SIZE - Integer.numberOfTrailingZeros(HALF);
    private static final int SLEEPS = 1;
    private static final VarHandle WORD = ValueLayout.JAVA_INT.varHandle();

    /** Of this process, one for each driver, and the lock of {@link #users}. */
    private static final Map<Path, Bells> OPEN = new HashMap<>();

    private final Path file;
    private final Arena arena;
    private final MemorySegment words;
    private int users;

    /** With no users; the arena goes with the last one. */
    Bells(Path file, Arena arena, MemorySegment words) {
        this.file = file;
        this.arena = arena;
        this.words = words;
    }

    /**
     * Those of a driver, made when they are not there yet.
     *
     * @param driverDirectory where the driver keeps its logs
     * @return to be freed
     * @throws IOException when the file can be neither opened nor made
     */
    public static Bells open(Path driverDirectory) throws IOException {
        Path file = driverDirectory.resolve(FILE);
        synchronized (OPEN) {
            Bells bells = OPEN.get(file);
            if (bells == null) {
                bells = map(file);
                OPEN.put(file, bells);
            }
            bells.users++;
            return bells;
        }
    }

    private static Bells map(Path file) throws IOException {
        Arena arena = Arena.ofShared();
        MemorySegment words = null;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
                StandardOpenOption.CREATE)) {
            words = channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) WORDS * Integer.BYTES, arena);
            return new Bells(file, arena, words);
        } finally {
            if (words == null) {
                arena.close();
            }
        }
    }

    /** Uses them once more; to be freed once more. */
    void keep() {
        synchronized (OPEN) {
            users++;
        }
    }

    /** Ends one use. */
    public void free() {
        synchronized (OPEN) {
            users--;
            if (users == 0) {
                OPEN.remove(file);
                arena.close();
            }
        }
    }

    /** A number for the bell of one poller. */
    static int newBell() {
        return DRIVER + 1 + ThreadLocalRandom.current().nextInt(HALF - 1);
    }

    private static int place(int session) {
        return (session * SPREAD) >>> SPREAD_SHIFT;
    }

    private static long at(int word) {
        return (long) word * Integer.BYTES;
    }

    /** Data of a session were committed: wakes who expects them. */
    void committed(int session) {
        if (!AsymmetricFence.reachesProcesses()) {
            VarHandle.fullFence();
        }
        int bell = (int) WORD.getOpaque(words, at(place(session)));
        if (bell != 0) {
            // Another process wrote it.
            ring(HALF | (bell & (HALF - 1)));
        }
    }

    /** Ends the sleep of the driver's thread, when it sleeps on its bell. What it should see is written before. */
    public void wakeDriver() {
        VarHandle.fullFence();
        if (!isRung(DRIVER)) {
            ring(DRIVER);
        }
    }

    /**
     * Ends the sleep under way on a bell, or the next one.
     *
     * @param bell its number
     */
    public void ring(int bell) {
        if ((int) WORD.getAndSet(words, at(bell), 0) != 0) {
            Futex.wake(words.address() + at(bell));
        }
    }

    /** Whoever sends data of a session is to ring; nothing when the bell is 0. */
    void expect(int session, int bell) {
        WORD.setOpaque(words, at(place(session)), bell);
    }

    /** There will be a sleep on a bell. */
    void arm(int bell) {
        WORD.setVolatile(words, at(bell), SLEEPS);
        VarHandle.fullFence();
    }

    /** Whether no sleep on a bell would begin. */
    boolean isRung(int bell) {
        return (int) WORD.getOpaque(words, at(bell)) == 0;
    }

    void disarm(int bell) {
        WORD.setOpaque(words, at(bell), 0);
    }

    /**
     * Sleeps, unless it was rung since it was armed: then it is armed anew, for the caller to look again first.
     *
     * @param bell its number
     * @param mostNs how long at most
     * @param timespec memory for this call, see {@link Futex#await}
     */
    public void sleep(int bell, long mostNs, MemorySegment timespec) {
        if (isRung(bell)) {
            arm(bell);
        } else {
            Futex.await(words.address() + at(bell), SLEEPS, mostNs, timespec.address());
        }
    }
}
