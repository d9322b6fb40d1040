package dev.sluice.driver;

/** What a peer's {@code writeWithImmediate} announced. */
public final class Immediate {

    private final int value;
    private final long lengthBytes;

    Immediate(int value, long lengthBytes) {
        this.value = value;
        this.lengthBytes = lengthBytes;
    }

    /**
     * The peer's 32 bits.
     *
     * @return the value, as the peer gave it
     */
    public int value() {
        return value;
    }

    /**
     * How much was written before it.
     *
     * @return bytes, all in place; 0 for a pure signal
     */
    public long lengthBytes() {
        return lengthBytes;
    }

    @Override
    public String toString() {
        return value + " after " + lengthBytes + " bytes";
    }
}
