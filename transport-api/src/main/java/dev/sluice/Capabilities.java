package dev.sluice;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** What a transport can do; ask before opening connections. An immutable value that may gain members. */
public final class Capabilities {

    private final Set<Operation> operations;
    private final Map<Operation, Integer> copies;
    private final Enforcement enforcement;
    private final boolean atomicsCoherentWithCpu;
    private final boolean targetMustPoll;
    private final boolean awaitsInKernel;
    private final boolean grantsRegisteredMemory;
    private final boolean crossesProcesses;

    private Capabilities(Builder b) {
        operations = Set.copyOf(b.operations);
        copies = Map.copyOf(b.copies);
        enforcement = b.enforcement;
        atomicsCoherentWithCpu = b.atomicsCoherentWithCpu;
        targetMustPoll = b.targetMustPoll;
        awaitsInKernel = b.awaitsInKernel;
        grantsRegisteredMemory = b.grantsRegisteredMemory;
        crossesProcesses = b.crossesProcesses;
    }

    /**
     * Starts from: every operation, no copies, enforcement by the owner, targets that poll, waiting in the kernel.
     *
     * @return a builder, for providers
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Whether an operation is offered; one that is not answers {@link Results#UNSUPPORTED}.
     *
     * @param operation which
     * @return true when offered
     */
    public boolean supports(Operation operation) {
        return operations.contains(operation);
    }

    /**
     * How many times, on both sides together, user space copies the payload of an operation (up to
     * {@link Limits#maxClaimBytes()} for messages). What the kernel or a device copies is not counted.
     *
     * @param operation which
     * @return 0 unless published otherwise
     */
    public int copies(Operation operation) {
        return copies.getOrDefault(operation, 0);
    }

    /**
     * Who checks access to granted memory.
     *
     * @return the enforcement
     */
    public Enforcement enforcement() {
        return enforcement;
    }

    /**
     * Whether the owner's own atomic instructions are atomic against the peer's atomics.
     *
     * @return true when they are
     */
    public boolean atomicsCoherentWithCpu() {
        return atomicsCoherentWithCpu;
    }

    /**
     * Whether the target of one-sided operations has to poll (or use {@link StandardOptions#PROGRESS_THREAD}) for them to
     * make progress.
     *
     * @return false when the target runs no code
     */
    public boolean targetMustPoll() {
        return targetMustPoll;
    }

    /**
     * Whether {@link CompletionQueue#await} sleeps in the kernel until something happens, rather than looking at intervals.
     *
     * @return true when it sleeps
     */
    public boolean awaitsInKernel() {
        return awaitsInKernel;
    }

    /**
     * Whether memory of {@link Transport#register} can be granted, or only that of {@link Transport#allocate}.
     *
     * @return true when both can
     */
    public boolean grantsRegisteredMemory() {
        return grantsRegisteredMemory;
    }

    /**
     * Whether the two ends may be in different processes or hosts.
     *
     * @return false for a transport inside one JVM
     */
    public boolean crossesProcesses() {
        return crossesProcesses;
    }

    /** Builds {@link Capabilities}; for providers. */
    public static final class Builder {

        private final Set<Operation> operations = EnumSet.allOf(Operation.class);
        private final Map<Operation, Integer> copies = new EnumMap<>(Operation.class);
        private Enforcement enforcement = Enforcement.OWNER;
        private boolean atomicsCoherentWithCpu = true;
        private boolean targetMustPoll = true;
        private boolean awaitsInKernel = true;
        private boolean grantsRegisteredMemory = true;
        private boolean crossesProcesses = true;

        private Builder() {}

        /**
         * Takes an operation away.
         *
         * @param operation which
         * @return this
         */
        public Builder without(Operation operation) {
            operations.remove(operation);
            return this;
        }

        /**
         * Publishes copies of an operation.
         *
         * @param operation which
         * @param count how many, both sides together
         * @return this
         */
        public Builder copies(Operation operation, int count) {
            copies.put(operation, count);
            return this;
        }

        /**
         * Sets {@link Capabilities#enforcement()}.
         *
         * @param value the value
         * @return this
         */
        public Builder enforcement(Enforcement value) {
            enforcement = value;
            return this;
        }

        /**
         * Sets {@link Capabilities#atomicsCoherentWithCpu()}.
         *
         * @param value the value
         * @return this
         */
        public Builder atomicsCoherentWithCpu(boolean value) {
            atomicsCoherentWithCpu = value;
            return this;
        }

        /**
         * Sets {@link Capabilities#targetMustPoll()}.
         *
         * @param value the value
         * @return this
         */
        public Builder targetMustPoll(boolean value) {
            targetMustPoll = value;
            return this;
        }

        /**
         * Sets {@link Capabilities#awaitsInKernel()}.
         *
         * @param value the value
         * @return this
         */
        public Builder awaitsInKernel(boolean value) {
            awaitsInKernel = value;
            return this;
        }

        /**
         * Sets {@link Capabilities#grantsRegisteredMemory()}.
         *
         * @param value the value
         * @return this
         */
        public Builder grantsRegisteredMemory(boolean value) {
            grantsRegisteredMemory = value;
            return this;
        }

        /**
         * Sets {@link Capabilities#crossesProcesses()}.
         *
         * @param value the value
         * @return this
         */
        public Builder crossesProcesses(boolean value) {
            crossesProcesses = value;
            return this;
        }

        /**
         * The capabilities.
         *
         * @return the value
         */
        public Capabilities build() {
            return new Capabilities(this);
        }
    }
}
