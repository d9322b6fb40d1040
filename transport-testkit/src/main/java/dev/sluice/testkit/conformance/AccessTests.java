package dev.sluice.testkit.conformance;

import dev.sluice.testkit.Subject;

/** Line 9 of the contract: access control. */
public abstract class AccessTests extends Theme {

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected AccessTests(Subject subject) {
        super(subject);
    }
}
