package dev.sluice.testkit.conformance;

import dev.sluice.testkit.Subject;

/** Line 17 of the contract: progress. */
public abstract class ProgressTests extends Theme {

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected ProgressTests(Subject subject) {
        super(subject);
    }
}
