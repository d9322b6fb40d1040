package dev.sluice.spi.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Status;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

final class EventDeliveryTest implements CompletionHandler, Arrivals {
    private final EventFifo events = new EventFifo(4);
    private final EventDelivery delivery = new EventDelivery(events, this);
    private final List<String> heard = new ArrayList<>();
    private final List<String> released = new ArrayList<>();
    private final Deque<Action> answers = new ArrayDeque<>();
    private final RuntimeException planned = new RuntimeException("planned");
    private boolean throwing;

    @Test
    void shouldKeepTheOrderWhenEventsMix() {
        events.add(EventFifo.MESSAGE, 16, 3);
        events.add(EventFifo.IMMEDIATE, -2 & 0xffff_ffffL, 5);
        events.add(EventFifo.END, 0, 0);
        assertThat(delivery.deliver(null, this, 2)).isEqualTo(2);
        assertThat(delivery.deliver(null, this, 2)).isEqualTo(1);
        assertThat(heard).containsExactly("message 16 3", "immediate -2 5", "end");
        assertThat(released).containsExactly("message 16 3", "immediate");
        assertThat(delivery.hasEvents()).isFalse();
    }

    @Test
    void shouldBringTheSameFirstWhenAborted() {
        for (int kind : new int[]{EventFifo.MESSAGE, EventFifo.IMMEDIATE}) {
            events.add(kind, 8, 1);
            events.add(EventFifo.MESSAGE, 24, 2);
            answers.addAll(List.of(Action.ABORT, Action.ABORT));
            assertThat(delivery.deliver(null, this, 5)).isZero();
            assertThat(delivery.isHeldUp()).isTrue();
            assertThat(delivery.deliver(null, this, 5)).isZero();
            assertThat(released).isEmpty();
            assertThat(delivery.deliver(null, this, 5)).isEqualTo(2);
            assertThat(delivery.isHeldUp()).isFalse();
            assertThat(heard).hasSize(4).last().isEqualTo("message 24 2");
            assertThat(heard.subList(0, 3)).containsOnly(heard.getFirst());
            assertThat(released).hasSize(2);
            heard.clear();
            released.clear();
        }
    }

    @Test
    void shouldReleaseOnceWhenTheHandlerThrows() {
        events.add(EventFifo.MESSAGE, 8, 1);
        events.add(EventFifo.IMMEDIATE, 7, 0);
        events.add(EventFifo.END, 0, 0);
        throwing = true;
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> delivery.deliver(null, this, 5)).isSameAs(planned);
        }
        assertThat(delivery.deliver(null, this, 5)).isZero();
        assertThat(heard).containsExactly("message 8 1", "immediate 7 0", "end");
        assertThat(released).containsExactly("message 8 1", "immediate");
    }

    @Test
    void shouldDeliverNothingWhenDropped() {
        events.add(EventFifo.MESSAGE, 8, 1);
        delivery.drop();
        assertThat(delivery.hasEvents()).isFalse();
        assertThat(delivery.deliver(null, this, 5)).isZero();
        assertThat(heard).isEmpty();
    }

    @Test
    void shouldHoldTheWindowAndTheEndWhenNothingIsTaken() {
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 4; i++) {
                events.add(EventFifo.MESSAGE, 8L * i, i);
            }
            events.add(EventFifo.END, 0, 0);
            assertThat(delivery.deliver(null, this, 10)).isEqualTo(5);
            assertThat(heard).containsExactly("message 0 0", "message 8 1", "message 16 2", "message 24 3", "end");
            heard.clear();
        }
    }

    private Action hear(String what) {
        heard.add(what);
        if (throwing) {
            throw planned;
        }
        return answers.isEmpty() ? Action.CONTINUE : answers.remove();
    }

    @Override
    public Action onMessage(Connection connection, MemorySegment base, long offset, int length) {
        return hear("message " + offset + " " + length);
    }

    @Override
    public Action onImmediate(Connection connection, int immediate, long length) {
        return hear("immediate " + immediate + " " + length);
    }

    @Override
    public void onEnd(Connection connection) {
        hear("end");
    }

    @Override
    public void onCompletion(Connection connection, long cookie, Status status, long result) {
        throw new AssertionError("no completion");
    }

    @Override
    public void onDisconnect(Connection connection, DisconnectReason reason) {
        throw new AssertionError("no end");
    }

    @Override
    public MemorySegment base(long value) {
        return MemorySegment.NULL;
    }

    @Override
    public long offset(long value) {
        return value;
    }

    @Override
    public void messageConsumed(long value, int length) {
        released.add("message " + value + " " + length);
    }

    @Override
    public void immediateConsumed() {
        released.add("immediate");
    }
}
