package dev.sluice.testkit.conformance;

import dev.sluice.testkit.Subject;

/** Line 2 of the contract: delivery. */
public abstract class DeliveryTests extends Theme {

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected DeliveryTests(Subject subject) {
        super(subject);
    }
}
