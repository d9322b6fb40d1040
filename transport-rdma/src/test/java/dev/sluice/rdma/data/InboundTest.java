package dev.sluice.rdma.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Status;
import dev.sluice.spi.ring.RingLayout;
import dev.sluice.spi.ring.RingSpace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What immediates say of a ring, true and untrue. The peer is played by its own books. */
final class InboundTest implements CompletionHandler {
    private static final int CAPACITY = 64 << 10;
    private static final int LONGEST = CAPACITY / 8;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment ring = arena.allocate(CAPACITY, 4096);
    private final Inbound in = new Inbound(ring, 0, CAPACITY);
    private final RingSpace peer = new RingSpace(CAPACITY, 0, 0);
    private final List<String> heard = new ArrayList<>();
    private Action answer = Action.CONTINUE;

    @AfterEach
    void close() {
        in.close();
        arena.close();
    }

    @Test
    void shouldFindEachMessageWhereThePeerWroteItRoundTheRingManyTimes() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            int length = random.nextInt(LONGEST + 1);
            write(Records.MESSAGE, length, (byte) i);
            assertThat(deliver()).as("message %d", i).isEqualTo(1);
            assertThat(heard.removeFirst()).as("message %d", i).isEqualTo(said(length, (byte) i));
        }
        assertThat(in.fault()).isNull();
        assertThat(in.consumed()).isEqualTo(2_000);
    }

    @Test
    void shouldTakeMessagesOfNoBytes() {
        write(Records.MESSAGE, 0, (byte) 0);
        write(Records.MESSAGE, 3, (byte) 3);

        assertThat(deliver()).isEqualTo(2);

        assertThat(heard).containsExactly(said(0, (byte) 0), said(3, (byte) 3));
    }

    @Test
    void shouldHoldAnAbortedMessageWhileOthersArrive() {
        answer = Action.ABORT;
        write(Records.MESSAGE, 8, (byte) 1);
        deliver();
        assertThat(in.isHeldUp()).isTrue();
        write(Records.MESSAGE, 16, (byte) 2);
        answer = Action.CONTINUE;
        heard.clear();

        assertThat(deliver()).isEqualTo(2);

        assertThat(heard).containsExactly(said(8, (byte) 1), said(16, (byte) 2));
    }

    @Test
    void shouldTakeWhatFillsTheRingAndNothingMore() {
        for (int i = 0; i < CAPACITY / RingLayout.HEADER_BYTES; i++) {
            in.arrived(Immediates.record(Records.MESSAGE, 0));
        }
        assertThat(in.fault()).isNull();

        in.arrived(Immediates.record(Records.MESSAGE, 0));

        assertThat(in.fault()).contains("has no room");
        assertThat(in.hasSome()).isFalse();
    }

    @Test
    void shouldRefuseAMessageThatIsLongerThanAnyMayBe() {
        in.arrived(Immediates.record(Records.MESSAGE, LONGEST + 1));

        assertThat(in.fault()).contains(LONGEST + 1 + " bytes");
        assertThat(deliver()).isZero();
        assertThat(heard).isEmpty();
    }

    @Test
    void shouldRefuseEveryTypeThatIsNone() {
        for (int type : new int[]{0, Records.END + 1, 0x7F, 0xFF}) {
            Inbound other = new Inbound(ring, 0, CAPACITY);
            int immediate = Immediates.record(type, 8);
            assertThat(Immediates.isCredit(immediate)).isFalse();
            other.arrived(immediate);

            other.deliver(null, this, 10);

            assertThat(other.fault()).as("type %d", type).isNotNull();
            assertThat(heard).isEmpty();
        }
    }

    @Test
    void shouldNeverLookOutsideTheRingWhateverTheImmediatesSay() {
        Random random = new Random(11);
        for (int round = 0; round < 500; round++) {
            Inbound other = new Inbound(ring, random.nextLong() & -8L, CAPACITY);
            for (int i = 0; i < 40 && other.fault() == null; i++) {
                other.arrived(random.nextBoolean()
                        ? random.nextInt()
                        : Immediates.record(1 + random.nextInt(6), random.nextInt(LONGEST + 9)));
                other.deliver(null, this, 1 + random.nextInt(4));
            }
            other.close();
        }
    }

    /** Writes a payload as a peer does: only that, and where its books say. */
    private void write(int type, int length, byte content) {
        peer.consumedTo(in.consumedBytes());
        long at = peer.claim(length);
        assertThat(at).isNotNegative();
        ring.asSlice(at + RingLayout.HEADER_BYTES, length).fill(content);
        peer.commit();
        peer.publish();
        in.arrived(Immediates.record(type, length));
    }

    private int deliver() {
        return in.deliver(null, this, 10);
    }

    private static String said(int length, byte content) {
        return length == 0 ? "0 bytes" : length + " bytes of " + content;
    }

    @Override
    public Action onMessage(Connection connection, MemorySegment base, long offset, int length) {
        byte first = length == 0 ? 0 : base.get(ValueLayout.JAVA_BYTE, offset);
        for (int i = 0; i < length; i++) {
            if (base.get(ValueLayout.JAVA_BYTE, offset + i) != first) {
                heard.add("other bytes at " + i);
                break;
            }
        }
        heard.add(said(length, first));
        return answer;
    }

    @Override
    public void onCompletion(Connection connection, long cookie, Status status, long result) {
        throw new AssertionError("nothing was posted");
    }

    @Override
    public Action onImmediate(Connection connection, int immediate, long length) {
        return Action.CONTINUE;
    }

    @Override
    public void onDisconnect(Connection connection, DisconnectReason reason) {
        throw new AssertionError("nothing was connected");
    }
}
