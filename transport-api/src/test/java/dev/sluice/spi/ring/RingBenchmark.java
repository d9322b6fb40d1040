package dev.sluice.spi.ring;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.openjdk.jmh.infra.Control;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/** Messages of 64 bytes per second from one thread to another: the figures of docs/adr/0002-message-ring.md. */
@State(Scope.Group)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class RingBenchmark {

    private static final int CAPACITY = 1 << 20;
    private static final int LENGTH = 64;

    /** When the producer loads the consumer position: as it does, or before each claim as well. */
    @Param({"WHEN_FULL", "EACH_CLAIM"})
    public Load load;

    /** Messages that one store publishes. */
    @Param({"1", "16"})
    public int batch;

    private MemorySegment ring;
    private RingProducer producer;
    private RingConsumer consumer;
    private int pending;

    /** When the consumer position is loaded. */
    public enum Load {
        /** Only when the ring looks full. */
        WHEN_FULL,
        /** Before each claim. */
        EACH_CLAIM
    }

    /** Starts with an empty ring. */
    @Setup(Level.Iteration)
    public void create() {
        ring = Rings.create(CAPACITY, 0);
        producer = new RingProducer(ring, CAPACITY);
        consumer = new RingConsumer(ring, CAPACITY);
        pending = 0;
    }

    /**
     * Sends one message.
     *
     * @param control says when to give up
     * @param sink takes the position that nobody needs
     */
    @Benchmark
    @Group("ring")
    public void produce(Control control, Blackhole sink) {
        long offset = claim(sink);
        while (offset < 0 && !control.stopMeasurement) {
            Thread.onSpinWait();
            offset = claim(sink);
        }
        if (offset < 0) {
            return;
        }
        ring.set(RingLayout.WORD, offset, pending);
        if (++pending % batch == 0) {
            producer.commit();
        } else {
            producer.commitMore();
        }
    }

    /**
     * Receives up to 16 messages.
     *
     * @param sink takes the payload
     */
    @Benchmark
    @Group("ring")
    public void consume(Blackhole sink) {
        consumer.read((type, view, offset, length) -> {
            sink.consume(view.get(RingLayout.WORD, offset));
            return true;
        }, 16);
    }

    private long claim(Blackhole sink) {
        if (load == Load.EACH_CLAIM) {
            sink.consume(producer.consumerPosition());
        }
        return producer.claim(LENGTH, 1);
    }
}
