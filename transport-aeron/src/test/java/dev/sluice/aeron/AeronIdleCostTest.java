package dev.sluice.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * What an idle connection takes of a processor, by the kernel's account of the threads. Its poller sleeps in await. The driver
 * counts apart: there is one for all connections of a process.
 */
@Tag("slow")
class AeronIdleCostTest {
    private static final long WATCHED_NS = TimeUnit.SECONDS.toNanos(5);
    /** Three times what docs/providers/aeron.md says, for a busy machine; who spins takes all of a core. */
    private static final double SHARE = 0.03;
    private static final double SHARE_OF_DRIVER = 0.12;
    private static final String DRIVER = "driver-conductor";
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @ValueSource(strings = {"aeron:///", "aeron://127.0.0.1:0"})
    void shouldLeaveTheCoreToOthersWhenAConnectionIsIdle(String address) throws Exception {
        try (AeronPair pair = new AeronPair(address)) {
            pair.connect();
            Map<String, Long> taken = whileAsleep(pair);
            assertThat(sum(taken, name -> name.contains(DRIVER))).as("the driver, %s", taken).isPositive()
                    .isLessThan((long) (WATCHED_NS * SHARE_OF_DRIVER));
            assertThat(sum(taken, name -> !name.contains(DRIVER))).as("the connection, %s", taken)
                    .isLessThan((long) (WATCHED_NS * SHARE));
        }
    }

    /** Polls and sleeps as an application does; the processor time in ns, by name of the thread. */
    private static Map<String, Long> whileAsleep(AeronPair pair) {
        Map<String, Long> before = cpuNs();
        long endNs = System.nanoTime() + WATCHED_NS;
        for (long leftNs = WATCHED_NS; leftNs > 0; leftNs = endNs - System.nanoTime()) {
            pair.near().poll();
            pair.near().queue().await(leftNs);
        }
        Map<String, Long> taken = cpuNs();
        taken.replaceAll((name, ns) -> ns - before.getOrDefault(name, 0L));
        return taken;
    }

    /** Of this thread, and of those that Sluice and Aeron started. */
    private static Map<String, Long> cpuNs() {
        Map<String, Long> found = new TreeMap<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            String name = thread.getName();
            if (thread == Thread.currentThread() || name.contains("sluice") || name.contains("aeron")) {
                found.merge(name, Math.max(0, THREADS.getThreadCpuTime(thread.threadId())), Long::sum);
            }
        }
        return found;
    }

    private static long sum(Map<String, Long> taken, Predicate<String> of) {
        return taken.entrySet().stream().filter(e -> of.test(e.getKey())).mapToLong(Map.Entry::getValue).sum();
    }
}
