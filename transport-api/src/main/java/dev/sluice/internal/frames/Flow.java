package dev.sluice.internal.frames;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Credits of one connection, both ways. The receiver of messages holds a window of bytes and of messages; each frame header
 * brings back what its handler consumed and how many writes were applied. All wire counters run modulo 2^32 and only their
 * differences count. Under the gate, but for what the consumer adds.
 */
public final class Flow {
    private static final VarHandle CONSUMED_BYTES;
    private static final VarHandle CONSUMED_MESSAGES;
    private static final VarHandle PEER_CONSUMED;
    private static final VarHandle PEER_CONSUMED_BY_HEADERS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            CONSUMED_BYTES = lookup.findVarHandle(Flow.class, "consumedBytes", int.class);
            CONSUMED_MESSAGES = lookup.findVarHandle(Flow.class, "consumedMessages", long.class);
            PEER_CONSUMED = lookup.findVarHandle(Flow.class, "peerConsumed", long.class);
            PEER_CONSUMED_BY_HEADERS = lookup.findVarHandle(Flow.class, "peerConsumedByHeaders", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int sendWindowBytes;
    private final int sendWindowMessages;
    private final int receiveWindowBytes;
    private final int receiveWindowMessages;
    private final long localStart;
    private final long peerStart;

    private int sentBytes;
    private long sentMessages;
    private int creditBytes;
    private int creditMessages;
    /** What headers told of the consumer at the other end, and what heartbeats did: the higher one is the newer. */
    private long peerConsumedByHeaders;
    private long peerConsumed;
    private int peerApplied;

    private int arrivedBytes;
    private int arrivedMessages;
    // Read as volatile fields, which is what acquire costs, and less for a compiler to inline; stored with release only.
    private volatile int consumedBytes;
    private volatile long consumedMessages;
    private int returnedBytes;
    private int returnedMessages;
    private int applied;
    private int returnedApplied;
    private boolean headerSent;

    public Flow(Agreement a) {
        sendWindowBytes = a.sendWindowBytes();
        sendWindowMessages = a.sendWindowMessages();
        receiveWindowBytes = a.receiveWindowBytes();
        receiveWindowMessages = a.receiveWindowMessages();
        localStart = a.localPosition();
        peerStart = a.peerPosition();
        sentMessages = localStart;
        sentBytes = (int) localStart;
        creditBytes = sentBytes;
        creditMessages = sentBytes;
        peerApplied = sentBytes;
        peerConsumed = localStart;
        peerConsumedByHeaders = localStart;
        consumedMessages = peerStart;
        consumedBytes = (int) peerStart;
        arrivedBytes = consumedBytes;
        arrivedMessages = consumedBytes;
        returnedBytes = consumedBytes;
        returnedMessages = consumedBytes;
        applied = consumedBytes;
        returnedApplied = consumedBytes;
    }

    /** Whether a message or immediate of this cost may go. */
    public boolean permits(int bytes) {
        return sentBytes - creditBytes + bytes <= sendWindowBytes
                && (int) sentMessages - creditMessages < sendWindowMessages;
    }

    public void spend(int bytes) {
        sentBytes += bytes;
        sentMessages++;
    }

    /** Takes back the last {@link #spend}. */
    public void unspend(int bytes) {
        sentBytes -= bytes;
        sentMessages--;
    }

    /**
     * What a header of the peer returns. Older values than known are stale, not wrong.
     *
     * @return the writes newly applied, or -1 when the peer returns what was never sent
     */
    public int returned(int bytes, int messages, int writesApplied, int writesUnacknowledged) {
        if (bytes - creditBytes > sentBytes - creditBytes
                || messages - creditMessages > (int) sentMessages - creditMessages) {
            return -1;
        }
        creditBytes += Math.max(0, bytes - creditBytes);
        if (messages - creditMessages > 0) {
            creditMessages = messages;
            PEER_CONSUMED_BY_HEADERS.setOpaque(this, sentMessages - ((int) sentMessages - messages));
        }
        int newlyApplied = Math.max(0, writesApplied - peerApplied);
        if (newlyApplied > writesUnacknowledged) {
            return -1;
        }
        peerApplied += newlyApplied;
        return newlyApplied;
    }

    /** From a heartbeat; any thread. */
    public void peerConsumed(long position) {
        long known = (long) PEER_CONSUMED.getVolatile(this);
        while (position - known > 0 && !PEER_CONSUMED.compareAndSet(this, known, position)) {
            known = (long) PEER_CONSUMED.getVolatile(this);
        }
    }

    public long sentPosition() {
        return sentMessages - localStart;
    }

    public long consumedPosition() {
        long byHeartbeats = (long) PEER_CONSUMED.getVolatile(this) - localStart;
        long byHeaders = (long) PEER_CONSUMED_BY_HEADERS.getOpaque(this) - localStart;
        return Math.min(Math.max(byHeartbeats, byHeaders), sentPosition());
    }

    /** Whether the peer has credit for one more message or immediate of this cost. */
    public boolean accepts(int bytes) {
        return arrivedBytes + bytes - bytesToReturn() <= receiveWindowBytes
                && arrivedMessages + 1 - messagesToReturn() <= receiveWindowMessages;
    }

    /** A message or immediate arrived that {@link #accepts} allows. */
    public void arrived(int bytes) {
        arrivedBytes += bytes;
        arrivedMessages++;
    }

    /** Consumer: a message or immediate is done with. */
    public void consumed(int bytes) {
        CONSUMED_BYTES.setRelease(this, consumedBytes + bytes);
        CONSUMED_MESSAGES.setRelease(this, consumedMessages + 1);
    }

    /** Consumed messages and immediates of the peer as the peer counts them; any thread. */
    public long receivedAbsolute() {
        return consumedMessages;
    }

    public long receivedPosition() {
        return receivedAbsolute() - peerStart;
    }

    public void applied() {
        applied++;
    }

    /** What a header carries back now. */
    public int bytesToReturn() {
        return consumedBytes;
    }

    public int messagesToReturn() {
        return (int) consumedMessages;
    }

    /** Whether a header was sent since this was last asked. */
    public boolean sentHeader() {
        boolean sent = headerSent;
        headerSent = false;
        return sent;
    }

    /** Writes into a header what it carries back; it will be sent. */
    public void writeReturned(MemorySegment s, long at) {
        returnedBytes = bytesToReturn();
        returnedMessages = messagesToReturn();
        returnedApplied = applied;
        headerSent = true;
        Frame.writeCredit(s, at, returnedBytes, returnedMessages, applied);
    }

    /** Whether the peer should hear of credits or acknowledgements though nothing else goes to it. */
    public boolean returnDue() {
        return applied != returnedApplied || bytesToReturn() - returnedBytes > receiveWindowBytes / 4
                || messagesToReturn() - returnedMessages > receiveWindowMessages / 4;
    }

    public boolean anythingToReturn() {
        return applied != returnedApplied || messagesToReturn() != returnedMessages;
    }
}
