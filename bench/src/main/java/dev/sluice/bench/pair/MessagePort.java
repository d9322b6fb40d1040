package dev.sluice.bench.pair;

import dev.sluice.BufferClaim;
import dev.sluice.Connection;
import dev.sluice.MemoryRegion;
import dev.sluice.Results;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Posts messages the way an application that cares would: claimed in place up to the claim limit, above it lent from a
 * region. The first 8 bytes of a message that has so many are its stamp.
 */
final class MessagePort {

    private static final ValueLayout.OfLong STAMP = ValueLayout.JAVA_LONG_UNALIGNED;

    private final Connection connection;
    private final MemoryRegion region;
    private final long slotBytes;
    private final Slots slots;
    private final BufferClaim claim;
    private final int maxClaimBytes;

    /**
     * A port.
     *
     * @param connection where to post
     * @param region holds the messages that are too long to claim, {@code slots} of {@code slotBytes} each
     * @param slotBytes the longest message
     * @param slots the slots of the region; released by the handler's completions
     */
    MessagePort(Connection connection, MemoryRegion region, long slotBytes, Slots slots) {
        this.connection = connection;
        this.region = region;
        this.slotBytes = slotBytes;
        this.slots = slots;
        claim = connection.newClaim();
        maxClaimBytes = connection.limits().maxClaimBytes();
    }

    /** Posts a message of which only the stamp is set; the rest is whatever the memory holds. */
    long post(int length, long stamp) {
        return length <= maxClaimBytes ? claim(length, stamp) : lend(length, stamp);
    }

    /** Posts a message with the given content. */
    long post(MemorySegment content) {
        int length = (int) content.byteSize();
        if (length <= maxClaimBytes) {
            long result = connection.tryClaim(length, claim);
            if (result < 0) {
                return result;
            }
            MemorySegment.copy(content, 0, claim.segment(), claim.offset(), length);
            return claim.commit();
        }
        int slot = slots.peek();
        if (slot == Slots.NONE) {
            return Results.BACK_PRESSURED;
        }
        MemorySegment.copy(content, 0, region.segment(), slot * slotBytes, length);
        return send(slot, length);
    }

    private long claim(int length, long stamp) {
        long result = connection.tryClaim(length, claim);
        if (result < 0) {
            return result;
        }
        if (length >= Long.BYTES) {
            claim.segment().set(STAMP, claim.offset(), stamp);
        }
        return claim.commit();
    }

    private long lend(int length, long stamp) {
        int slot = slots.peek();
        if (slot == Slots.NONE) {
            return Results.BACK_PRESSURED;
        }
        region.segment().set(STAMP, slot * slotBytes, stamp);
        return send(slot, length);
    }

    private long send(int slot, int length) {
        long result = connection.send(region, slot * slotBytes, length, slot, 0);
        if (result >= 0) {
            slots.take(0);
        }
        return result;
    }
}
