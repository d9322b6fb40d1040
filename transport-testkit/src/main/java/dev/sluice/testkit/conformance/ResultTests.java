package dev.sluice.testkit.conformance;

import dev.sluice.testkit.Subject;

/** Line 3 of the contract: results. */
public abstract class ResultTests extends Theme {

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected ResultTests(Subject subject) {
        super(subject);
    }
}
