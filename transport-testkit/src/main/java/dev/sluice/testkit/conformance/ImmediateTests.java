package dev.sluice.testkit.conformance;

import dev.sluice.testkit.Subject;

/** Line 7 of the contract: immediates. */
public abstract class ImmediateTests extends Theme {

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected ImmediateTests(Subject subject) {
        super(subject);
    }
}
