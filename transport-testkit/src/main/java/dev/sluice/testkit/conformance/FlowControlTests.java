package dev.sluice.testkit.conformance;

import dev.sluice.testkit.Subject;

/** Line 10 of the contract: flow control. */
public abstract class FlowControlTests extends Theme {

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected FlowControlTests(Subject subject) {
        super(subject);
    }
}
