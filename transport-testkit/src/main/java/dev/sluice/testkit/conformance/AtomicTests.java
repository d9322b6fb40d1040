package dev.sluice.testkit.conformance;

import dev.sluice.testkit.Subject;

/** Line 8 of the contract: atomics. */
public abstract class AtomicTests extends Theme {

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected AtomicTests(Subject subject) {
        super(subject);
    }
}
