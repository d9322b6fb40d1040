package dev.sluice.testkit.conformance;

import dev.sluice.testkit.Subject;

/** Line 19 of the contract: allocation. */
public abstract class AllocationTests extends Theme {

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected AllocationTests(Subject subject) {
        super(subject);
    }
}
