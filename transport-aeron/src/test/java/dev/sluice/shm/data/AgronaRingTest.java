package dev.sluice.shm.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.spi.ring.RingConsumer;
import dev.sluice.spi.ring.RingLayout;
import dev.sluice.spi.ring.RingProducer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Agrona's ring is the oracle of ours: the same random claims and reads, the same answers and bytes. */
class AgronaRingTest {

    private static final int CAPACITY = 4096;
    private static final int STEPS = 200_000;
    /** Agrona keeps room for a header behind each record; so much sooner it may say that it is full. */
    private static final int RESERVED = 8;

    private final MemorySegment ring = Arena.ofAuto().allocate(RingLayout.segmentBytes(CAPACITY),
            RingLayout.RING_ALIGNMENT);
    private final OneToOneRingBuffer agrona = new OneToOneRingBuffer(
            new UnsafeBuffer(ByteBuffer.allocateDirect(CAPACITY + RingBufferDescriptor.TRAILER_LENGTH)));
    private RingProducer producer;
    private RingConsumer consumer;
    private long unlike;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldAnswerAndCarryTheSameAsAgronaWhenDrivenAtRandom(long seed) {
        RingLayout.format(ring, CAPACITY, 0);
        producer = new RingProducer(ring, CAPACITY);
        consumer = new RingConsumer(ring, CAPACITY);
        SplittableRandom random = new SplittableRandom(seed);
        long read = 0;
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(3) > 0) {
                write(random);
            } else {
                read += readSome(random.nextInt(8) + 1);
            }
        }
        assertThat(read).isGreaterThan(STEPS / 10);
        assertThat(unlike).as("refusals that only Agrona's reserve explains").isLessThan(STEPS / 20);
    }

    private void write(SplittableRandom random) {
        int length = random.nextInt(10) == 0 ? random.nextInt(CAPACITY / 8 + 1) : random.nextInt(64);
        int type = random.nextInt(1000) + 1;
        long ours = producer.claim(length, type);
        int theirs = agrona.tryClaim(type, length);
        if (theirs < 0) {
            if (ours >= 0) {
                // Only at the very edge may the two differ.
                assertThat(CAPACITY - (producer.position() - producer.consumerPosition()))
                        .isLessThan(2L * RingLayout.recordBytes(length) + RESERVED);
                unlike++;
                producer.abort();
            }
            return;
        }
        assertThat(ours).as("what Agrona takes, ours takes").isPositive();
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) random.nextInt();
        }
        agrona.buffer().putBytes(theirs, bytes);
        MemorySegment.copy(bytes, 0, ring, ValueLayout.JAVA_BYTE, ours, length);
        agrona.commit(theirs);
        producer.commit();
    }

    private int readSome(int limit) {
        List<String> theirs = new ArrayList<>();
        // One read of Agrona's ends where the buffer ends.
        for (int reads = 0; reads < 2 && theirs.size() < limit; reads++) {
            agrona.read((type, buffer, index, length) -> {
                byte[] bytes = new byte[length];
                buffer.getBytes(index, bytes);
                theirs.add(type + ":" + new String(bytes, StandardCharsets.ISO_8859_1));
            }, limit - theirs.size());
        }
        List<String> ours = new ArrayList<>();
        consumer.read((type, records, offset, length) -> ours.add(type + ":" + new String(
                records.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE),
                StandardCharsets.ISO_8859_1)), limit);
        assertThat(ours).isEqualTo(theirs);
        return ours.size();
    }
}
