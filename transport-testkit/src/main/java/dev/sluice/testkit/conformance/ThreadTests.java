package dev.sluice.testkit.conformance;

import dev.sluice.testkit.Subject;

/** Line 16 of the contract: threads. */
public abstract class ThreadTests extends Theme {

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected ThreadTests(Subject subject) {
        super(subject);
    }
}
