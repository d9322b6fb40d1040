package dev.sluice.testkit;

import dev.sluice.testkit.conformance.AccessTests;
import dev.sluice.testkit.conformance.AllocationTests;
import dev.sluice.testkit.conformance.AtomicTests;
import dev.sluice.testkit.conformance.BatchingTests;
import dev.sluice.testkit.conformance.CapacityTests;
import dev.sluice.testkit.conformance.CloseTests;
import dev.sluice.testkit.conformance.CompletionTests;
import dev.sluice.testkit.conformance.ConnectTests;
import dev.sluice.testkit.conformance.DeadlineTests;
import dev.sluice.testkit.conformance.DeliveryTests;
import dev.sluice.testkit.conformance.EndingTests;
import dev.sluice.testkit.conformance.FaultTests;
import dev.sluice.testkit.conformance.FileTests;
import dev.sluice.testkit.conformance.FlowControlTests;
import dev.sluice.testkit.conformance.ImmediateTests;
import dev.sluice.testkit.conformance.LeakTests;
import dev.sluice.testkit.conformance.LivenessTests;
import dev.sluice.testkit.conformance.MessageTests;
import dev.sluice.testkit.conformance.OneSidedTests;
import dev.sluice.testkit.conformance.OrderingTests;
import dev.sluice.testkit.conformance.ProgressTests;
import dev.sluice.testkit.conformance.ResultTests;
import dev.sluice.testkit.conformance.ThreadTests;
import dev.sluice.testkit.driver.DriverSuite;
import org.junit.jupiter.api.Nested;

/**
 * Every test of the contract, in themes. A provider joins with a subclass that says what to test:
 *
 * <pre>{@code
 * class TcpConformanceTest extends ConformanceSuite {
 *     @Override
 *     protected Subject subject() {
 *         return Subject.of("tcp:///", "tcp://127.0.0.1:0");
 *     }
 * }
 * }</pre>
 *
 * A test is skipped only where the transport's {@link dev.sluice.Capabilities} declare that it does not offer something.
 */
public abstract class ConformanceSuite {

    /** For subclasses. */
    protected ConformanceSuite() {}

    /**
     * What to test.
     *
     * @return the same subject each time
     */
    protected abstract Subject subject();

    /** Line 1 of the contract. */
    @Nested
    class Messages extends MessageTests {

        Messages() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** Line 2 of the contract. */
    @Nested
    class Delivery extends DeliveryTests {

        Delivery() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** Line 3 of the contract. */
    @Nested
    class Results extends ResultTests {

        Results() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** Line 4 of the contract. */
    @Nested
    class OneSided extends OneSidedTests {

        OneSided() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** Line 5 of the contract. */
    @Nested
    class Completions extends CompletionTests {

        Completions() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** Line 6 of the contract. */
    @Nested
    class Ordering extends OrderingTests {

        Ordering() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** Line 7 of the contract. */
    @Nested
    class Immediates extends ImmediateTests {

        Immediates() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** Line 8 of the contract. */
    @Nested
    class Atomics extends AtomicTests {

        Atomics() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** Line 9 of the contract. */
    @Nested
    class Access extends AccessTests {

        Access() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** Line 10 of the contract. */
    @Nested
    class FlowControl extends FlowControlTests {

        FlowControl() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** Line 11 of the contract. */
    @Nested
    class Liveness extends LivenessTests {

        Liveness() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** Line 12 of the contract. */
    @Nested
    class Deadlines extends DeadlineTests {

        Deadlines() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** Line 13 of the contract. */
    @Nested
    class Connecting extends ConnectTests {

        Connecting() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** Line 14 of the contract. */
    @Nested
    class Ending extends EndingTests {

        Ending() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** Line 15 of the contract. */
    @Nested
    class Files extends FileTests {

        Files() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** Line 16 of the contract. */
    @Nested
    class Threads extends ThreadTests {

        Threads() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** Line 17 of the contract. */
    @Nested
    class Progress extends ProgressTests {

        Progress() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** Line 18 of the contract. */
    @Nested
    class Batching extends BatchingTests {

        Batching() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** Line 19 of the contract. */
    @Nested
    class Allocation extends AllocationTests {

        Allocation() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** Line 20 of the contract. */
    @Nested
    class Capacity extends CapacityTests {

        Capacity() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** Lines 5 and 14 of the contract, at every operation. */
    @Nested
    class Faults extends FaultTests {

        Faults() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** The levels above the data plane. */
    @Nested
    class Levels extends DriverSuite {

        Levels() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** Line 14 of the contract, the abortive close. */
    @Nested
    class Closing extends CloseTests {

        Closing() {
            super(ConformanceSuite.this.subject());
        }
    }

    /** Line 14 of the contract, what is left afterwards. */
    @Nested
    class Leaks extends LeakTests {

        Leaks() {
            super(ConformanceSuite.this.subject());
        }
    }
}
