package dev.sluice.bench.pair;

import dev.sluice.Operation;
import dev.sluice.Right;

import java.util.List;
import java.util.Set;

/** An operation that can be measured. The ordinal travels; append only. */
public enum Op {
    /** A message to the peer and one of the same length back. */
    MESSAGE("message", List.of(Operation.CLAIM, Operation.SEND), Set.of()),
    /** A write, from post to own completion. */
    WRITE("write", List.of(Operation.WRITE), Set.of(Right.WRITE)),
    /** Both ends write and watch their memory; no completion and no message is waited for. */
    WRITE_PINGPONG("write-pingpong", List.of(Operation.WRITE), Set.of(Right.WRITE)),
    /** A write with immediate to the peer and one back. */
    WRITE_IMM("write-imm", List.of(Operation.WRITE_WITH_IMMEDIATE), Set.of(Right.WRITE)),
    /** A read, from post to own completion. */
    READ("read", List.of(Operation.READ), Set.of(Right.READ)),
    /** Fetch and add on 8 bytes. */
    FETCH_ADD("fetch-add", List.of(Operation.FETCH_AND_ADD), Set.of(Right.ATOMIC)),
    /** Compare and swap on 8 bytes. */
    COMPARE_SWAP("compare-swap", List.of(Operation.COMPARE_AND_SWAP), Set.of(Right.ATOMIC)),
    /** A file into the peer's memory. */
    WRITE_FROM_FILE("write-from-file", List.of(Operation.WRITE_FROM_FILE), Set.of(Right.WRITE));

    private final String label;
    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<Operation> needs;
    @SuppressWarnings("ImmutableEnumChecker") // Set.of
    private final Set<Right> farRights;

    Op(String label, List<Operation> needs, Set<Right> farRights) {
        this.label = label;
        this.needs = needs;
        this.farRights = farRights;
    }

    /**
     * The name as users write it.
     *
     * @return lower case with hyphens
     */
    public String label() {
        return label;
    }

    /**
     * Finds an operation by its name.
     *
     * @param label what a user wrote
     * @return the operation
     * @throws IllegalArgumentException when there is none; the message lists all
     */
    public static Op of(String label) {
        for (Op op : values()) {
            if (op.label.equals(label)) {
                return op;
            }
        }
        throw new IllegalArgumentException("'" + label + "' is none of " + labels());
    }

    /**
     * All names.
     *
     * @return separated by commas
     */
    public static String labels() {
        StringBuilder b = new StringBuilder();
        for (Op op : values()) {
            b.append(b.isEmpty() ? "" : ", ").append(op.label);
        }
        return b.toString();
    }

    /**
     * Whether single operations are timed; a file is measured as a whole.
     *
     * @return false for files
     */
    public boolean isTimedAlone() {
        return this != WRITE_FROM_FILE;
    }

    /**
     * Whether it works on 8 bytes only.
     *
     * @return true for atomics
     */
    public boolean isAtomic() {
        return farRights.contains(Right.ATOMIC);
    }

    List<Operation> needs() {
        return needs;
    }

    Set<Right> farRights() {
        return farRights;
    }

    /** Whether the peer writes into the near end's memory too. */
    boolean isAnsweredByWrites() {
        return this == WRITE_PINGPONG || this == WRITE_IMM;
    }
}
