package dev.sluice.aeron.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.internal.linux.Futex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A sleep of an hour ends when it is rung; the timeout of the test is the failure. */
@Timeout(30)
class BellsTest {
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);
    private static final int SESSION = -1_234_567;

    private final MemorySegment timespec = Arena.ofAuto().allocate(Futex.TIMESPEC_BYTES, Long.BYTES);
    private final int bell = Bells.newBell();
    @TempDir
    private Path driver;

    /** Two mappings of one file, as in two processes. */
    @Test
    void shouldWakeWhoSleepsWhenDataOfItsSessionWereCommitted() throws Exception {
        Bells sleeping = Bells.open(driver);
        Bells sending = Bells.open(driver.resolve("."));
        sleeping.arm(bell);
        sleeping.expect(SESSION, bell);
        Thread sleeper = Thread.ofPlatform().start(() -> sleeping.sleep(bell, HOUR_NS, timespec));
        while (sleeper.getState() != Thread.State.TERMINATED) {
            sending.committed(SESSION);
            Thread.onSpinWait();
        }
        sleeper.join();
    }

    /** Its first sleep is none: it arms the bell, and the driver looks once more. */
    @Test
    void shouldWakeTheDriverWhenAnotherProcessHasACommandForIt() throws Exception {
        Bells driving = Bells.open(driver);
        Bells dialling = Bells.open(driver.resolve("."));
        Thread sleeper = Thread.ofPlatform().start(() -> {
            driving.sleep(Bells.DRIVER, HOUR_NS, timespec);
            driving.sleep(Bells.DRIVER, HOUR_NS, timespec);
        });
        while (sleeper.getState() != Thread.State.TERMINATED) {
            dialling.wakeDriver();
            Thread.onSpinWait();
        }
        sleeper.join();
    }

    @Test
    void shouldNotSleepWhenItWasRungBefore() throws Exception {
        Bells bells = Bells.open(driver);
        bells.arm(bell);
        bells.expect(SESSION, bell);
        bells.committed(SESSION);
        bells.sleep(bell, HOUR_NS, timespec);
    }

    @Test
    void shouldSleepAfterItLookedAgain() throws Exception {
        Bells bells = Bells.open(driver);
        bells.arm(bell);
        bells.ring(bell);
        bells.sleep(bell, HOUR_NS, timespec);
        requireWholeSleep(bells);
    }

    @Test
    void shouldRingNobodyWhenNobodyExpectsTheSession() throws Exception {
        Bells bells = Bells.open(driver);
        bells.arm(bell);
        bells.expect(SESSION, bell);
        bells.expect(SESSION, 0);
        bells.committed(SESSION);
        requireWholeSleep(bells);
    }

    private void requireWholeSleep(Bells bells) {
        long beganNs = System.nanoTime();
        bells.sleep(bell, 20_000_000L, timespec);
        assertThat(System.nanoTime() - beganNs).isGreaterThanOrEqualTo(19_000_000L);
    }

    @Test
    void shouldBeMappedOnceAndUntilItsLastUserFreesIt() throws Exception {
        Bells bells = Bells.open(driver);
        assertThat(Bells.open(driver)).isSameAs(bells);
        bells.keep();
        assertThat(mappings()).isEqualTo(1);
        bells.free();
        bells.free();
        assertThat(mappings()).isEqualTo(1);
        bells.free();
        assertThat(mappings()).isZero();
    }

    private long mappings() throws IOException {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(line -> line.contains(driver.toString())).count();
        }
    }
}
