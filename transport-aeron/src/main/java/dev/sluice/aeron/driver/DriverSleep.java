package dev.sluice.aeron.driver;

import dev.sluice.internal.linux.AsymmetricFence;
import org.agrona.concurrent.IdleStrategy;

import java.io.IOException;
import java.io.UncheckedIOException;
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
 * strategy does. Then it sleeps over the sockets of its channels, so that a packet ends the sleep, and {@link #wake} does. The
 * driver's thread, but for that.
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
    private static final long LONG_MS = 64;
    /** With peers elsewhere, whose heartbeats end most sleeps sooner; a third of the interval of its own. */
    private static final long LONG_WITH_CHANNELS_MS = 64;
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
    @SuppressWarnings("unused") // by ASLEEP
    private boolean asleep;
    private int steps;
    private long parkNs = SHORTEST_PARK_NS;
    private int heat;
    private boolean isShort;

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

    /** Any thread: ends the sleep under way, or the next one. */
    void wake() {
        if ((boolean) ASLEEP.getOpaque(this)) {
            selector.wakeup();
        }
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
        long limitMs = limitMs(beganNs);
        int packets;
        try {
            packets = selector.select(DriverSleep::leave, limitMs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long tookNs = System.nanoTime() - beganNs;
        if (tookNs >= COOL_NS) {
            heat = 0;
        }
        // Who is woken for a command looks again soon, for that comes a moment later.
        isShort = packets == 0 && tookNs < TimeUnit.MILLISECONDS.toNanos(limitMs);
    }

    private long limitMs(long nowNs) {
        if (isShort || news.isFresh(nowNs)) {
            return SHORT_MS;
        }
        return selector.keys().isEmpty() ? LONG_MS : LONG_WITH_CHANNELS_MS;
    }

    /** What is ready Aeron reads by itself. */
    private static void leave(SelectionKey key) {}

    /** Data have come, not just a heartbeat. */
    void data() {
        isShort = true;
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
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
