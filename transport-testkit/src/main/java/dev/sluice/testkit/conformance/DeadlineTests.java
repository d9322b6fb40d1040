package dev.sluice.testkit.conformance;

import dev.sluice.testkit.Subject;

/** Line 12 of the contract: deadlines. */
public abstract class DeadlineTests extends Theme {

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected DeadlineTests(Subject subject) {
        super(subject);
    }
}
