package dev.sluice.testkit.peer;

import dev.sluice.BufferClaim;
import dev.sluice.Connection;
import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.Results;
import dev.sluice.SluiceException;
import dev.sluice.Status;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Posts a stream that a {@link Sink} of the same seed can check, as fast as the connection takes it. */
public final class Flood implements Job, AutoCloseable {

    /** The highest cookie bits of what a flood sends; tests keep out of this range. */
    public static final long COOKIES = 0x7f00_0000_0000_0000L;

    private static final int SLOTS = 16;

    /** How a flood posts. */
    public enum By {
        /** {@link Connection#offer}. */
        OFFER,
        /** {@link Connection#tryClaim}. */
        CLAIM,
        /** {@link Connection#send(MemoryRegion, long, int, long, int)}. */
        SEND,
        /** Pure immediates that carry the sequence number. */
        IMMEDIATE,
        /** In turn an offer, a claim and an immediate. */
        MIXED
    }

    private final Connection connection;
    private final long count;
    private final int minBytes;
    private final int maxBytes;
    private final long seed;
    private final By by;
    private final BufferClaim claim;
    private final MemorySegment scratch;
    private final MemoryRegion slots;
    private final boolean[] lent = new boolean[SLOTS];
    private long accepted;
    private long backPressured;
    private long completions;
    private long refused;

    /**
     * A stream to post.
     *
     * @param connection where
     * @param count messages and immediates in all
     * @param minBytes shortest message
     * @param maxBytes longest message; lengths in between follow from seed and sequence number
     * @param seed of the stream
     * @param by how
     * @throws SluiceException when the memory for {@link By#SEND} cannot be had
     */
    public Flood(Connection connection, long count, int minBytes, int maxBytes, long seed, By by)
            throws SluiceException {
        this.connection = connection;
        this.count = count;
        this.minBytes = minBytes;
        this.maxBytes = maxBytes;
        this.seed = seed;
        this.by = by;
        claim = connection.newClaim();
        scratch = Arena.ofAuto().allocate(Math.max(8, maxBytes), 8);
        slots = by == By.SEND
                ? connection.transport().allocate((long) SLOTS * Math.max(8, maxBytes), Options.none())
                : null;
    }

    @Override
    public boolean pump() {
        long before = accepted;
        while (!isDone()) {
            long result = post();
            if (result < 0) {
                note(result);
                break;
            }
            accepted++;
        }
        return accepted > before;
    }

    /**
     * The length of one message of the stream.
     *
     * @param sequence which, from 0
     * @return bytes
     */
    public int lengthOf(long sequence) {
        return minBytes + (int) Long.remainderUnsigned(Pattern.mix(seed ^ sequence), maxBytes - minBytes + 1L);
    }

    @Override
    public boolean isDone() {
        return accepted == count || refused != 0;
    }

    @Override
    public void completed(long cookie, Status status, long result) {
        if ((cookie & COOKIES) == COOKIES) {
            int slot = (int) (cookie & 0xff);
            // Immediates have no slot; of them only failures are reported.
            if (slot < SLOTS) {
                lent[slot] = false;
            }
            completions++;
        }
    }

    /**
     * How many were accepted.
     *
     * @return messages and immediates
     */
    public long accepted() {
        return accepted;
    }

    /**
     * How often the connection was back-pressured.
     *
     * @return a count
     */
    public long backPressured() {
        return backPressured;
    }

    @Override
    public Fields report() {
        return Fields.of("accepted", accepted, "backPressured", backPressured, "completed", completions, "refused",
                refused == 0 ? "" : Results.name(refused));
    }

    /** Frees the memory of {@link By#SEND}, once its sends have completed. */
    @Override
    public void close() {
        if (slots != null) {
            slots.close();
        }
    }

    private void note(long result) {
        if (result == Results.BACK_PRESSURED) {
            backPressured++;
        } else if (result != Results.NOT_CONNECTED) {
            refused = result;
        }
    }

    private long post() {
        int length = lengthOf(accepted);
        return switch (by) {
            case OFFER -> offer(length);
            case CLAIM -> claim(length);
            case SEND -> send(length);
            case IMMEDIATE -> immediate();
            case MIXED -> switch ((int) (accepted % 3)) {
                case 0 -> offer(length);
                case 1 -> claim(Math.min(length, connection.limits().maxClaimBytes()));
                default -> immediate();
            };
        };
    }

    private long offer(int length) {
        Pattern.fill(scratch, 0, length, Pattern.ofMessage(seed, accepted, length));
        return connection.offer(scratch, 0, length);
    }

    private long claim(int length) {
        long result = connection.tryClaim(length, claim);
        if (result < 0) {
            return result;
        }
        Pattern.fill(claim.segment(), claim.offset(), length, Pattern.ofMessage(seed, accepted, length));
        return claim.commit();
    }

    private long send(int length) {
        int slot = 0;
        while (slot < SLOTS && lent[slot]) {
            slot++;
        }
        if (slot == SLOTS) {
            return Results.BACK_PRESSURED;
        }
        long at = (long) slot * Math.max(8, maxBytes);
        Pattern.fill(slots.segment(), at, length, Pattern.ofMessage(seed, accepted, length));
        long result = connection.send(slots, at, length, COOKIES | slot, 0);
        lent[slot] = result >= 0;
        return result;
    }

    private long immediate() {
        return connection.writeWithImmediate(null, 0, null, 0, 0, (int) accepted, COOKIES | 0xfe,
                Connection.NO_COMPLETION);
    }
}
