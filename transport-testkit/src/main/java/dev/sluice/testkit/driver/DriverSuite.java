package dev.sluice.testkit.driver;

import dev.sluice.testkit.Subject;
import org.junit.jupiter.api.Nested;

/** The tests of the upper levels, in themes. Both ends are in this process, wherever the subject's far role runs. */
public abstract class DriverSuite {

    private final Subject subject;

    /**
     * The suite.
     *
     * @param subject what to test
     */
    protected DriverSuite(Subject subject) {
        this.subject = subject;
    }

    /** Messages and immediates, and what a slow receiver does to them. */
    @Nested
    class Messages extends DriverMessageTests {

        Messages() {
            super(subject);
        }
    }

    /** One-sided and file operations, and how they end. */
    @Nested
    class Operations extends DriverOperationTests {

        Operations() {
            super(subject);
        }
    }

    /** How connections and drivers end. */
    @Nested
    class Endings extends DriverEndingTests {

        Endings() {
            super(subject);
        }
    }

    /** Who runs what, and what cancelling and interrupting do. */
    @Nested
    class Threads extends DriverThreadTests {

        Threads() {
            super(subject);
        }
    }
}
