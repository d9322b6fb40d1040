package dev.sluice.aeron.driver;

import dev.sluice.aeron.data.Bells;
import dev.sluice.internal.linux.AsymmetricFence;
import dev.sluice.internal.linux.Futex;
import org.agrona.concurrent.IdleStrategy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How the thread of the embedded driver waits. While much goes on it spins, yields and parks for some microseconds, as Aeron's own
 * strategy does. Then it sleeps over the sockets of its channels, so that a packet ends the sleep, and {@link #wake} does; without
 * channels it sleeps on its bell, which other processes ring. The driver's thread, but where it says any.
 *
 * <p>
 * It counts as asleep from before its last look for work on, with a fence between: who committed something before the fence is
 * seen by that look, and who did after it sees that the driver sleeps.
 */
final class DriverSleep implements IdleStrategy {
    private static final int SPINS = 10;
    private static final int YIELDS = 20;
    private static final long SHORTEST_PARK_NS = 1_000L;
    private static final long LONGEST_PARK_NS = 64_000L;
    /** For what is due soon: the next command, or asking for what was lost before data that came. */
    private static final long SHORT_MS = 1;
    /** Less than Aeron's interval of heartbeats, which bring up what was lost behind the last data. */
    private static final long LONG_MS = 64;
    /** When there was nothing but heartbeats for a while, or no channel is there: heartbeats come as rarely then. */
    private static final long LONGEST_MS = 250;
    private static final long CALM_NS = TimeUnit.SECONDS.toNanos(1);
    /** How long a command may take to come once it is announced. */
    private static final long COMMAND_NS = TimeUnit.MILLISECONDS.toNanos(10);
    /** A sleep of this length says that little goes on. */
    private static final long COOL_NS = TimeUnit.MILLISECONDS.toNanos(2);
    /** So often must there be work, without such a sleep between, before it is worth to wait for more awake. */
    private static final int HOT = 8;
    private static final VarHandle ASLEEP;

    static {
        try {
            ASLEEP = MethodHandles.lookup().findVarHandle(DriverSleep.class, "asleep", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Selector selector;
    private final News news;
    private final boolean spins;
    private final MemorySegment timespec = Arena.ofAuto().allocate(Futex.TIMESPEC_BYTES, Long.BYTES);
    @SuppressWarnings("unused") // by ASLEEP
    private boolean asleep;
    private int steps;
    private long parkNs = SHORTEST_PARK_NS;
    private int heat;
    private boolean isShort;
    private boolean stirred;
    private long stirredNs = System.nanoTime();
    /** Null until there are some, and when there are none any more. */
    private volatile Bells bells;
    private volatile boolean woken;
    private volatile boolean servesOthers;
    private volatile boolean ending;
    private volatile long announcedNs = System.nanoTime() - COMMAND_NS;

    /**
     * Of one driver.
     *
     * @param news looked at whenever there was work
     * @param spins whether it never sleeps
     */
    DriverSleep(News news, boolean spins) throws IOException {
        this.news = news;
        this.spins = spins;
        selector = Selector.open();
    }

    /** Any thread: ends the sleep under way, or the next one; what the driver should see is written before. */
    void wake() {
        AsymmetricFence.light();
        if ((boolean) ASLEEP.getOpaque(this)) {
            rouse();
        }
    }

    private void rouse() {
        woken = true;
        selector.wakeup();
        ring();
    }

    private synchronized void ring() {
        if (bells != null) {
            bells.ring(Bells.DRIVER);
        }
    }

    /** Whether somebody has ended a sleep since the last one. */
    boolean isWoken() {
        return woken;
    }

    /** Any thread: the same, for a command that will be there in a moment. */
    void wakeForCommand() {
        announcedNs = System.nanoTime();
        wake();
    }

    /** Any thread: its bell, to be freed by this. */
    void sleepOn(Bells its) {
        bells = its;
    }

    /** Any thread: there may be processes from now on that ring in vain while it sleeps over channels. */
    void serveOthers() {
        servesOthers = true;
    }

    /** Any thread: no sleep is long from now on. */
    void end() {
        ending = true;
        wake();
    }

    @Override
    public void idle(int workCount) {
        if (workCount > 0) {
            reset();
        } else {
            idle();
        }
    }

    @Override
    public void idle() {
        if (spins) {
            Thread.onSpinWait();
        } else if (heat >= HOT && steps < SPINS + YIELDS) {
            linger();
        } else if (heat >= HOT && parkNs <= LONGEST_PARK_NS) {
            LockSupport.parkNanos(this, parkNs);
            parkNs *= 2;
        } else if (!(boolean) ASLEEP.getOpaque(this)) {
            stirred = true;
            ASLEEP.setOpaque(this, true);
            AsymmetricFence.heavy();
        } else {
            sleep();
        }
    }

    private void linger() {
        if (steps++ < SPINS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    /** There was work. Whoever is cold stays asleep for others, so that nobody pays for a fence: they wake it once more. */
    @Override
    public void reset() {
        news.look();
        steps = 0;
        parkNs = SHORTEST_PARK_NS;
        if (heat < HOT) {
            heat++;
        } else {
            ASLEEP.setOpaque(this, false);
        }
    }

    private void sleep() {
        long beganNs = System.nanoTime();
        if (stirred) {
            stirred = false;
            stirredNs = beganNs;
        }
        Bells bell = selector.keys().isEmpty() ? bells : null;
        long limitMs = limitMs(beganNs, bell != null);
        if (bell == null) {
            select(limitMs);
        } else {
            bell.sleep(Bells.DRIVER, TimeUnit.MILLISECONDS.toNanos(limitMs), timespec);
        }
        long tookNs = System.nanoTime() - beganNs;
        if (tookNs >= COOL_NS) {
            heat = 0;
        }
        isShort = woken;
        if (isShort) {
            woken = false;
            stirred = true;
        }
        if (bell != null && tookNs < TimeUnit.MILLISECONDS.toNanos(limitMs)) {
            // Another process may have rung, and only for a command is that sooner than what it is for.
            announcedNs = beganNs + tookNs;
        }
    }

    private void select(long limitMs) {
        try {
            selector.select(DriverSleep::leave, limitMs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long limitMs(long nowNs, boolean onBell) {
        if (isShort || woken || ending || nowNs - announcedNs < COMMAND_NS || news.isFresh(nowNs)) {
            return SHORT_MS;
        }
        return onBell || (!servesOthers && nowNs - stirredNs >= CALM_NS) ? LONGEST_MS : LONG_MS;
    }

    /** What is ready Aeron reads by itself. */
    private static void leave(SelectionKey key) {}

    /**
     * Data have come, or what says that some should have.
     *
     * @param matter whether they are more than a heartbeat
     */
    void data(boolean matter) {
        isShort = true;
        stirred |= matter;
    }

    /** A packet for this channel, which was just opened, ends a sleep from now on. */
    SelectionKey watch(DatagramChannel channel) {
        try {
            return channel.register(selector, SelectionKey.OP_READ);
        } catch (ClosedChannelException e) {
            throw new IllegalStateException("a channel that was just opened is closed", e);
        }
    }

    /** Lets go of a channel, which the JDK does not close before. */
    void release(SelectionKey key) {
        if (key == null || !selector.isOpen()) {
            return;
        }
        key.cancel();
        try {
            selector.selectNow(DriverSleep::leave);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** When the thread has ended. */
    void close() {
        freeBells();
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void freeBells() {
        if (bells != null) {
            bells.free();
            bells = null;
        }
    }
}
