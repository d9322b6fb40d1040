package dev.sluice.testkit.conformance;

import dev.sluice.testkit.Subject;

/** Line 1 of the contract: messages. */
public abstract class MessageTests extends Theme {

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected MessageTests(Subject subject) {
        super(subject);
    }
}
