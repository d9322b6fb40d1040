package dev.sluice.rdma.internal.ffm;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A post and a poll on the stub device, from Java; {@link StubMain} runs the same beside the loop in C. Aim: at most 40 ns
 * more than C.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class PostPollBenchmark {
    /** Requests of one post. */
    @Param({"1", "16"})
    public int batch;

    /** Whether the downcalls leave out the thread's change of state. */
    @Param({"true", "false"})
    public boolean critical;

    private StubDevice device;

    /** Compiles and opens the stub. */
    @Setup
    public void open() throws Exception {
        Path folder = Files.createTempDirectory("verbs-stub");
        device = new StubDevice(CompiledC.library(folder, StubDevice.SOURCE), batch, critical);
    }

    /** Frees the stub's memory. */
    @TearDown
    public void close() {
        device.close();
    }

    /** One post of a batch, polls until it has completed. */
    @Benchmark
    public long postAndPoll() {
        return device.round();
    }
}
