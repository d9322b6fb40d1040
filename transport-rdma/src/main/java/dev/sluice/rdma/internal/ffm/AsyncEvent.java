package dev.sluice.rdma.internal.ffm;

import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_EVENT_PATH_MIG_ERR;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_EVENT_QP_FATAL;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_EVENT_QP_LAST_WQE_REACHED;

import dev.sluice.internal.linux.Errno;
import dev.sluice.rdma.internal.ffm.VerbsLayouts.QueuePair;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Something that happened to a device or one of its objects, ibv_get_async_event(3); a value, already acknowledged. */
public final class AsyncEvent {
    private final int type;

    private final long element;

    private final int queuePairNumber;

    private final String description;

    private AsyncEvent(MemorySegment source) {
        type = source.get(Symbols.INT, AttributeLayouts.AsyncEvent.TYPE);
        element = source.get(Symbols.LONG, AttributeLayouts.AsyncEvent.ELEMENT);
        // Read before the acknowledgement: afterwards another thread may free the queue pair.
        queuePairNumber = isOfQueuePair()
                ? Symbols.view(element, QueuePair.PREFIX_BYTES).get(Symbols.INT, QueuePair.QP_NUM)
                : 0;
        description = Symbols.text(Verbs.EVENT_TYPE_STR.address(type));
    }

    static Optional<AsyncEvent> take(FfmContext context) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(AttributeLayouts.AsyncEvent.BYTES, Long.BYTES);
            int result = Verbs.GET_ASYNC_EVENT.orErrno(context.address(), out.address());
            if (result == -Errno.EAGAIN) {
                return Optional.empty();
            }
            VerbsException.check(result, Verbs.GET_ASYNC_EVENT, "", context.deviceName());
            AsyncEvent event = new AsyncEvent(out);
            Verbs.ACK_ASYNC_EVENT.run(out.address());
            return Optional.of(event);
        }
    }

    /**
     * What happened.
     *
     * @return an {@code IBV_EVENT_} constant
     */
    public int type() {
        return type;
    }

    /**
     * Whether it happened to a queue pair.
     *
     * @return true when {@link #queuePairNumber} is one
     */
    public boolean isOfQueuePair() {
        return (type >= IBV_EVENT_QP_FATAL && type <= IBV_EVENT_PATH_MIG_ERR)
                || type == IBV_EVENT_QP_LAST_WQE_REACHED;
    }

    /**
     * Whether it happened to the queue pair given.
     *
     * @param queuePair the queue pair, not yet destroyed
     * @return true when it did
     */
    public boolean isOf(FfmQp queuePair) {
        return isOfQueuePair() && element == queuePair.address();
    }

    /**
     * The queue pair it happened to.
     *
     * @return its number, 0 for events of something else
     */
    public int queuePairNumber() {
        return queuePairNumber;
    }

    /**
     * The port it happened to; only for events of ports.
     *
     * @return its number, from 1
     */
    public int port() {
        return (int) element;
    }

    @Override
    public String toString() {
        return description + (isOfQueuePair() ? " of queue pair " + queuePairNumber : "");
    }
}
