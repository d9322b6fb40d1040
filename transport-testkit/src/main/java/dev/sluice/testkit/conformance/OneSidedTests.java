package dev.sluice.testkit.conformance;

import dev.sluice.testkit.Subject;

/** Line 4 of the contract: one-sided operations. */
public abstract class OneSidedTests extends Theme {

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected OneSidedTests(Subject subject) {
        super(subject);
    }
}
