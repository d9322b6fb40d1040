package dev.sluice.shm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CompletionQueue;
import dev.sluice.Options;
import dev.sluice.Results;
import dev.sluice.StandardOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What sleeping ends take of a processor, by the kernel's account of their threads: so that it is there for the peer. */
@Tag("slow")
class IdleCostTest {
    private static final long WATCHED_NS = TimeUnit.SECONDS.toNanos(4);
    private static final double SHARE = 0.01;
    private static final int LENGTH = 32 << 10;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    @Test
    void shouldTakeLessThanAHundredthOfACoreWhenAPairIsIdle() throws Exception {
        // Heartbeats come the more often the shorter the detection time is.
        try (ShmPair pair = new ShmPair(Options.none().with(StandardOptions.DETECTION_TIME, Duration.ofSeconds(1)))) {
            Set<Long> transport = transportThreads();
            assertThat(transport).as("threads of the transport").isNotEmpty();
            long before = cpuNs(transport);
            long mine = watch(pair.nearQueue(), pair);
            assertThat(mine + cpuNs(transport) - before).isLessThan((long) (WATCHED_NS * SHARE));
        }
    }

    @Test
    void shouldLeaveTheCoreToItsPeerWhenItWaitsForRoom() throws Exception {
        try (ShmPair pair = new ShmPair(Options.none()); Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(LENGTH, 8);
            long result = 0;
            while (result >= 0) {
                result = pair.near().offer(message, 0, LENGTH);
            }
            assertThat(result).isEqualTo(Results.BACK_PRESSURED);
            assertThat(watch(pair.nearQueue(), pair)).isLessThan((long) (WATCHED_NS * SHARE));
        }
    }

    /** Polls and sleeps as an application does; how much processor time that took. */
    private static long watch(CompletionQueue queue, ShmPair pair) {
        long endNs = System.nanoTime() + WATCHED_NS;
        long before = THREADS.getCurrentThreadCpuTime();
        for (long leftNs = WATCHED_NS; leftNs > 0; leftNs = endNs - System.nanoTime()) {
            pair.pollNear();
            queue.await(leftNs);
        }
        return THREADS.getCurrentThreadCpuTime() - before;
    }

    private static Set<Long> transportThreads() {
        return Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().startsWith("sluice-"))
                .map(Thread::threadId).collect(Collectors.toSet());
    }

    private static long cpuNs(Set<Long> threads) {
        return threads.stream().mapToLong(THREADS::getThreadCpuTime).filter(ns -> ns > 0).sum();
    }
}
