package dev.sluice;

/**
 * The sizes that a transport, or one connection of it, accepts. A transport's limits are what it offers; a connection's are
 * what both ends agreed on, never more.
 */
public final class Limits {

    private final int maxClaimBytes;
    private final int maxMessageBytes;
    private final int quantumBytes;
    private final int maxGatherSegments;
    private final int maxOutstandingOperations;
    private final int maxOutstandingReads;

    private Limits(Builder b) {
        maxClaimBytes = b.maxClaimBytes;
        maxMessageBytes = b.maxMessageBytes;
        quantumBytes = b.quantumBytes;
        maxGatherSegments = b.maxGatherSegments;
        maxOutstandingOperations = b.maxOutstandingOperations;
        maxOutstandingReads = b.maxOutstandingReads;
    }

    /**
     * Starts from the smallest values the contract allows.
     *
     * @return a builder, for providers
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The longest message that {@link Connection#tryClaim} gives space for, and that both sides handle without a copy of
     * its payload in user space.
     *
     * @return bytes
     */
    public int maxClaimBytes() {
        return maxClaimBytes;
    }

    /**
     * The longest message of {@link Connection#offer} and {@link Connection#send(MemoryRegion, long, int, long, int)}. At
     * least 1 MiB on every transport with default options. Between {@link #maxClaimBytes()} and this, a receiver may copy
     * once.
     *
     * @return bytes
     */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /**
     * The most one posting call or one poll of a connection copies, in user space or by a system call.
     *
     * @return bytes
     */
    public int quantumBytes() {
        return quantumBytes;
    }

    /**
     * The most pieces of a {@link GatherList}.
     *
     * @return a count
     */
    public int maxGatherSegments() {
        return maxGatherSegments;
    }

    /**
     * The most operations with a cookie that a connection may have outstanding.
     *
     * @return a count
     */
    public int maxOutstandingOperations() {
        return maxOutstandingOperations;
    }

    /**
     * The most reads and atomics that a connection may have outstanding towards its peer.
     *
     * @return a count
     */
    public int maxOutstandingReads() {
        return maxOutstandingReads;
    }

    @Override
    public String toString() {
        return "maxClaimBytes=" + maxClaimBytes + ", maxMessageBytes=" + maxMessageBytes + ", quantumBytes="
                + quantumBytes + ", maxGatherSegments=" + maxGatherSegments + ", maxOutstandingOperations="
                + maxOutstandingOperations + ", maxOutstandingReads=" + maxOutstandingReads;
    }

    /** Builds {@link Limits}; for providers. */
    public static final class Builder {

        private int maxClaimBytes = 8 << 10;
        private int maxMessageBytes = 1 << 20;
        private int quantumBytes = 256 << 10;
        private int maxGatherSegments = 4;
        private int maxOutstandingOperations = 16;
        private int maxOutstandingReads = 1;

        private Builder() {}

        /**
         * Sets {@link Limits#maxClaimBytes()}.
         *
         * @param bytes the value
         * @return this
         */
        public Builder maxClaimBytes(int bytes) {
            maxClaimBytes = bytes;
            return this;
        }

        /**
         * Sets {@link Limits#maxMessageBytes()}.
         *
         * @param bytes the value
         * @return this
         */
        public Builder maxMessageBytes(int bytes) {
            maxMessageBytes = bytes;
            return this;
        }

        /**
         * Sets {@link Limits#quantumBytes()}.
         *
         * @param bytes the value
         * @return this
         */
        public Builder quantumBytes(int bytes) {
            quantumBytes = bytes;
            return this;
        }

        /**
         * Sets {@link Limits#maxGatherSegments()}.
         *
         * @param count the value
         * @return this
         */
        public Builder maxGatherSegments(int count) {
            maxGatherSegments = count;
            return this;
        }

        /**
         * Sets {@link Limits#maxOutstandingOperations()}.
         *
         * @param count the value
         * @return this
         */
        public Builder maxOutstandingOperations(int count) {
            maxOutstandingOperations = count;
            return this;
        }

        /**
         * Sets {@link Limits#maxOutstandingReads()}.
         *
         * @param count the value
         * @return this
         */
        public Builder maxOutstandingReads(int count) {
            maxOutstandingReads = count;
            return this;
        }

        /**
         * The limits.
         *
         * @return the value
         */
        public Limits build() {
            return new Limits(this);
        }
    }
}
