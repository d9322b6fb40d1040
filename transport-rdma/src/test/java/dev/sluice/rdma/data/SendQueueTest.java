package dev.sluice.rdma.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rdma.internal.ffm.StubDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** How many requests, doorbells and signalled completions it takes, on a device that completes what is signalled. */
final class SendQueueTest {
    private static final int NOBODY = -1;

    private final Retired retired = new Retired();
    private SendQueue queue = new SendQueue(3, 5, retired, 1 << 20, false);

    private StubDevice device;

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        device = StubDevice.compiled(folder);
        queue.open(device.sends());
    }

    @AfterEach
    void close() {
        if (device != null) {
            device.close();
        }
    }

    @Test
    void shouldSignalOneInSixteenWhenNobodyWaits() {
        int completions = 0;
        for (int i = 0; i < 160; i++) {
            add(NOBODY, false);
            queue.ring();
            completions += complete();
        }

        assertThat(queue.doorbells()).isEqualTo(160);
        assertThat(completions).isEqualTo(10);
        assertThat(retired.count).isEqualTo(160);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void shouldTakeOneDoorbellAndOneCompletionWhenAChainIsWaitedFor() {
        for (int slot = 0; slot < 5; slot++) {
            add(slot, slot == 0);
        }
        queue.ring();

        assertThat(queue.doorbells()).isEqualTo(1);
        assertThat(complete()).isEqualTo(1);
        assertThat(retired.count).isEqualTo(5);
        assertThat(retired.lastSlot).isEqualTo(4);
    }

    @Test
    void shouldSignalEachWhenEachIsWaitedFor() {
        int completions = 0;
        for (int i = 0; i < 32; i++) {
            add(i, true);
            queue.ring();
            completions += complete();
        }

        assertThat(completions).isEqualTo(32);
        assertThat(queue.doorbells()).isEqualTo(32);
    }

    @Test
    void shouldLetReadsWaitForAcknowledgementsWhereTheDeviceMixesUpAnswers() {
        queue = new SendQueue(3, 5, retired, 1 << 20, true);
        queue.open(device.sends());
        add(NOBODY, false);
        queue.ring();

        assertThat(queue.canAsk()).isFalse();
        assertThat(queue.needsMarker()).isTrue();
        assertThat(queue.hasRoom(1)).isFalse();
        add(NOBODY, false);
        queue.ring();
        assertThat(queue.needsMarker()).as("what is posted meanwhile tells").isFalse();
        assertThat(complete()).isEqualTo(1);
        assertThat(queue.hasRoom(1)).isTrue();
        for (int slot = 0; slot < 3; slot++) {
            assertThat(queue.canAsk()).as("reads need not wait for reads").isTrue();
            request();
            queue.ask(slot, true, 0, true);
            queue.ring();
        }
        add(NOBODY, true);
        queue.ring();
        assertThat(queue.canAsk()).isFalse();
        assertThat(queue.needsMarker()).isFalse();
        assertThat(complete()).isEqualTo(4);
        assertThat(queue.canAsk()).isTrue();
    }

    @Test
    void shouldLetReadsWaitForNothingWhereTheDeviceKeepsAnswersApart() {
        add(NOBODY, false);
        queue.ring();

        assertThat(queue.canAsk()).isTrue();
        assertThat(queue.needsMarker()).isFalse();
        assertThat(queue.hasRoom(1)).isTrue();
    }

    private void add(int slot, boolean signal) {
        request();
        queue.add(slot, true, 0, 0, signal);
    }

    private void request() {
        int i = queue.next();
        queue.batch().write(i, queue.id(), 4096, 1, 0);
        queue.batch().data(i, 8192, 8, 2);
    }

    private int complete() {
        int count = device.poller().poll();
        for (int i = 0; i < count; i++) {
            queue.completed(WrId.number(device.poller().id(i)), device.poller().status(i), 0);
        }
        return count;
    }

    private static final class Retired implements SendQueue.Owner {
        private int count;
        private int lastSlot;

        @Override
        public void retired(int slot, boolean lastOfSlot, int freedBytes, boolean succeeded) {
            assertThat(succeeded).isTrue();
            count++;
            lastSlot = slot;
        }

        @Override
        public void failed(int slot, int status, int vendorError) {
            throw new AssertionError("status " + status);
        }

        @Override
        public void refused(int errno) {
            throw new AssertionError("errno " + errno);
        }
    }
}
