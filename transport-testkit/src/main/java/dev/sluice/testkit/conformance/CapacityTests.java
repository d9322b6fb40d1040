package dev.sluice.testkit.conformance;

import dev.sluice.testkit.Subject;

/** Line 20 of the contract: capacity. */
public abstract class CapacityTests extends Theme {

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected CapacityTests(Subject subject) {
        super(subject);
    }
}
