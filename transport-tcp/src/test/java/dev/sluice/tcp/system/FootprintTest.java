package dev.sluice.tcp.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.RemoteRegion;
import dev.sluice.Results;
import dev.sluice.StandardOptions;
import dev.sluice.Status;
import dev.sluice.tcp.ProcessFacts;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.function.LongSupplier;

/** What a connection holds while it lives, and what it leaves behind: nothing. */
final class FootprintTest {
    private static final int ATTEMPTS = 10_000;

    private static final long SLACK_BYTES = 16 << 20;

    @Test
    void shouldKeepMemoryFlatWhenReceiverDoesNotPoll() throws Exception {
        try (Loopback pair = new Loopback(); MemoryRegion region = pair.transport.allocate(1 << 20, Options.none())) {
            pair.connect(Options.none());
            RemoteRegion remote = pair.share(pair.transport.allocate(1 << 20, Options.none()));
            MemorySegment message = MemorySegment.ofArray(new byte[10_000]);
            requireFlat(pair, () -> pair.near.offer(message, 0, 10_000));
            requireFlat(pair, () -> pair.near.write(region, 0, remote, 0, 1 << 20, 1, 0));
            requireFlat(pair, () -> pair.near.read(region, 0, remote, 0, 1 << 20, 1, 0));
            pair.until("all that was accepted is done", () -> pair.near.diagnostics().outstandingOperations() == 0
                    && pair.farSaw.messages == pair.near.diagnostics().sentPosition());
            assertThat(pair.nearSaw.worst).isEqualTo(Status.OK);
        }
    }

    private static void requireFlat(Loopback pair, LongSupplier post) throws Exception {
        for (int refused = 0; refused < 100;) {
            refused += post.getAsLong() == Results.BACK_PRESSURED ? 1 : 0;
            pair.nearQueue.poll(pair.nearSaw, 64);
        }
        long resident = ProcessFacts.residentBytes();
        long allocated = ProcessFacts.allocatedBytes();
        int accepted = 0;
        for (int i = 0; i < ATTEMPTS; i++) {
            accepted += post.getAsLong() >= 0 ? 1 : 0;
            pair.nearQueue.poll(pair.nearSaw, 64);
        }
        assertThat(accepted).as("posts accepted by a receiver that does not poll").isLessThan(ATTEMPTS / 10);
        assertThat(ProcessFacts.allocatedBytes() - allocated).as("heap allocated").isLessThan(SLACK_BYTES);
        assertThat(ProcessFacts.residentBytes() - resident).as("memory resident").isLessThan(SLACK_BYTES);
    }

    @Test
    void shouldLeaveNothingBehindWhenConnectedAndClosedManyTimes() throws Exception {
        requireNothingLeft(100);
    }

    @Test
    @Tag("slow")
    void shouldLeaveNothingBehindWhenConnectedAndClosedAThousandTimes() throws Exception {
        requireNothingLeft(1000);
    }

    private static void requireNothingLeft(int times) throws Exception {
        try (Loopback warm = new Loopback()) {
            warm.connect(Options.none());
        }
        long descriptorsWithout = ProcessFacts.descriptors();
        long threadsWithout = ProcessFacts.transportThreads();
        try (Loopback pair = new Loopback()) {
            long descriptors = ProcessFacts.descriptors();
            long mappings = ProcessFacts.ringMappings();
            long threads = ProcessFacts.transportThreads();
            for (int i = 1; i <= times; i++) {
                pair.connect(Options.none());
                (i % 2 == 0 ? pair.near : pair.far).close();
                int ended = 2 * i;
                pair.until("both ends are told", () -> pair.nearSaw.disconnects + pair.farSaw.disconnects == ended);
            }
            pair.until("the lifelines are closed", () -> ProcessFacts.descriptors() == descriptors);
            assertThat(ProcessFacts.ringMappings()).as("mappings").isEqualTo(mappings);
            assertThat(ProcessFacts.transportThreads()).as("threads").isEqualTo(threads);
        }
        assertThat(ProcessFacts.descriptors()).as("descriptors after the transport").isEqualTo(descriptorsWithout);
        assertThat(ProcessFacts.transportThreads()).as("threads after the transport").isEqualTo(threadsWithout);
    }

    @Test
    @Tag("slow")
    void shouldWriteFiveGibWhenSixteenOperationsMayBeOutstanding() throws Exception {
        long bytes = 64L << 20;
        int times = 80;
        try (Loopback pair = new Loopback(); MemoryRegion source = pair.transport.allocate(bytes, Options.none())) {
            pair.connect(Options.none().with(StandardOptions.OUTSTANDING_OPERATIONS, 16));
            MemoryRegion target = pair.transport.allocate(bytes, Options.none());
            RemoteRegion remote = pair.share(target);
            source.segment().fill((byte) 42);
            int posted = 0;
            boolean pressed = false;
            while (posted < times) {
                long result = pair.near.write(source, 0, remote, 0, bytes, posted, 0);
                posted += result >= 0 ? 1 : 0;
                pressed |= result == Results.BACK_PRESSURED;
                pair.step();
            }
            pair.until("all is written", () -> pair.nearSaw.completed == times);
            assertThat(pair.nearSaw.worst).isEqualTo(Status.OK);
            assertThat(pair.nearSaw.bytes).isEqualTo(bytes * times);
            assertThat(pressed).as("the depth was reached").isTrue();
            assertThat(target.segment().mismatch(source.segment())).isEqualTo(-1);
        }
    }
}
