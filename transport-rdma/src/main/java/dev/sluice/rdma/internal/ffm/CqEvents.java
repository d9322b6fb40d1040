package dev.sluice.rdma.internal.ffm;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/** The two calls around a completion event, which allocate nothing: a queue's await uses them between sleeps. */
final class CqEvents {
    private static final MethodHandle GET_CQ_EVENT = Symbols.link(
            Symbols.find(Verbs.library(), Verbs.SONAME, "ibv_get_cq_event"),
            FunctionDescriptor.of(Symbols.INT, Symbols.LONG, Symbols.LONG, Symbols.LONG));

    private static final MethodHandle ACK_CQ_EVENTS = Symbols.link(
            Symbols.find(Verbs.library(), Verbs.SONAME, "ibv_ack_cq_events"),
            FunctionDescriptor.ofVoid(Symbols.LONG, Symbols.INT));

    private CqEvents() {}

    /** ibv_get_cq_event(3) on a non-blocking channel: 0, or -1 when there is none (errno is not captured). */
    static int takeCqEvent(long channel, long queueOut, long contextOut) {
        try {
            return (int) GET_CQ_EVENT.invokeExact(channel, queueOut, contextOut);
        } catch (Throwable thrown) {
            throw Symbols.rethrow(thrown);
        }
    }

    /** ibv_ack_cq_events(3). */
    static void acknowledgeCqEvents(long queue, int count) {
        try {
            ACK_CQ_EVENTS.invokeExact(queue, count);
        } catch (Throwable thrown) {
            throw Symbols.rethrow(thrown);
        }
    }
}
