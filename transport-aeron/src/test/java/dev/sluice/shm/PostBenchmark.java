package dev.sluice.shm;

import dev.sluice.Connection;
import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.RemoteRegion;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/** What a write costs its initiator, without another core in the way: the figures of docs/adr/0012. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class PostBenchmark {

    private ShmPair pair;
    private MemoryRegion source;
    private RemoteRegion target;

    /**
     * Connects.
     *
     * @throws Exception when that fails
     */
    @Setup
    public void connect() throws Exception {
        pair = new ShmPair(Options.none());
        source = pair.transport().allocate(4096, Options.none());
        target = pair.share(pair.transport().allocate(4096, Options.none()));
    }

    /** Disconnects. */
    @TearDown
    public void disconnect() {
        pair.close();
    }

    /**
     * A poll that finds nothing.
     *
     * @return events
     */
    @Benchmark
    public int poll() {
        return pair.pollNear();
    }

    /**
     * 8 bytes, and the poll that gives the slot back.
     *
     * @return events
     */
    @Benchmark
    public int writeAndPoll() {
        pair.near().write(source, 0, target, 0, 8, 0, Connection.NO_COMPLETION);
        return pair.pollNear();
    }

    /**
     * 64 bytes, and the poll that gives the slot back.
     *
     * @return events
     */
    @Benchmark
    public int writeLineAndPoll() {
        pair.near().write(source, 0, target, 0, 64, 0, Connection.NO_COMPLETION);
        return pair.pollNear();
    }
}
