package dev.sluice.testkit.conformance;

import dev.sluice.testkit.Subject;

/** Line 6 of the contract: ordering. */
public abstract class OrderingTests extends Theme {

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected OrderingTests(Subject subject) {
        super(subject);
    }
}
