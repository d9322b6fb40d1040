package dev.sluice.spi.ring;

import java.lang.foreign.MemorySegment;

/** Receives the records of one {@link RingConsumer#read(RecordHandler, int)}, on its caller's thread. */
@FunctionalInterface
public interface RecordHandler {

    /**
     * Handles one record. Its bytes are valid until this method returns.
     *
     * @param type the record's type, above 0
     * @param ring the whole ring, read-only, the same object at every call
     * @param offset where the payload starts in {@code ring}, in bytes, a multiple of 8
     * @param length the payload's length in bytes, 0 or more
     * @return true when the record is consumed; false to stop here and see the same record again at the next read
     */
    boolean onRecord(int type, MemorySegment ring, long offset, int length);
}
