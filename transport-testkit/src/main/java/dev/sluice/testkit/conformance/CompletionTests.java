package dev.sluice.testkit.conformance;

import dev.sluice.testkit.Subject;

/** Line 5 of the contract: completions. */
public abstract class CompletionTests extends Theme {

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected CompletionTests(Subject subject) {
        super(subject);
    }
}
