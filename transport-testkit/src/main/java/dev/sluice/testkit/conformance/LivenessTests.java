package dev.sluice.testkit.conformance;

import dev.sluice.testkit.Subject;

/** Line 11 of the contract: liveness. */
public abstract class LivenessTests extends Theme {

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected LivenessTests(Subject subject) {
        super(subject);
    }
}
