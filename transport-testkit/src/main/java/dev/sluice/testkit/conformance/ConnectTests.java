package dev.sluice.testkit.conformance;

import dev.sluice.testkit.Subject;

/** Line 13 of the contract: connecting. */
public abstract class ConnectTests extends Theme {

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected ConnectTests(Subject subject) {
        super(subject);
    }
}
