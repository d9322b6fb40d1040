package dev.sluice.testkit.conformance;

import dev.sluice.testkit.Subject;

/** Line 14 of the contract: ending. */
public abstract class EndingTests extends Theme {

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected EndingTests(Subject subject) {
        super(subject);
    }
}
