package dev.sluice.testkit.conformance;

import dev.sluice.testkit.Subject;

/** Line 18 of the contract: batching. */
public abstract class BatchingTests extends Theme {

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected BatchingTests(Subject subject) {
        super(subject);
    }
}
