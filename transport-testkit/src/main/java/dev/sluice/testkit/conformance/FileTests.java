package dev.sluice.testkit.conformance;

import dev.sluice.testkit.Subject;

/** Line 15 of the contract: files. */
public abstract class FileTests extends Theme {

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected FileTests(Subject subject) {
        super(subject);
    }
}
