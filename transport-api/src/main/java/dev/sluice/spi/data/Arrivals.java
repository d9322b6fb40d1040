package dev.sluice.spi.data;

import java.lang.foreign.MemorySegment;

/** Where messages lie between their arrival and the moment when their handler has taken them. For the poller. */
public interface Arrivals {

    /**
     * The memory that holds a message.
     *
     * @param value what {@link EventFifo#add} was given
     * @return a long-lived, read-only segment
     */
    MemorySegment base(long value);

    /**
     * Where a message begins.
     *
     * @param value what {@link EventFifo#add} was given
     * @return an offset into {@link #base}, a multiple of 8
     */
    long offset(long value);

    /**
     * A message is done with: its memory and its credit go back.
     *
     * @param value what {@link EventFifo#add} was given
     * @param length bytes
     */
    void messageConsumed(long value, int length);

    /** An immediate is done with: its credit goes back. */
    void immediateConsumed();
}
