package dev.sluice.testkit.conformance;

import dev.sluice.Operation;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.peer.FarProcess;
import dev.sluice.testkit.peer.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What the themes share: a {@link Rig} for each test, opened when first asked for and closed after it; and what both roles
 * have to say when a test fails.
 */
@ExtendWith(Theme.FailureReport.class)
public abstract class Theme {

    private final Subject subject;
    private Rig rig;
    private FarProcess process;

    /**
     * A theme about a subject.
     *
     * @param subject what to test
     */
    protected Theme(Subject subject) {
        this.subject = subject;
    }

    /**
     * What is tested.
     *
     * @return the subject
     */
    protected final Subject subject() {
        return subject;
    }

    /**
     * The rig of this test.
     *
     * @return it, opened with default options when there was none yet
     * @throws UncheckedIOException when it does not open
     */
    protected final Rig rig() {
        try {
            return rig == null ? rig(Settings.none()) : rig;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Opens the rig of this test.
     *
     * @param queueSettings for the queues of both roles
     * @return it
     * @throws IOException when it does not open
     */
    protected final Rig rig(Settings queueSettings) throws IOException {
        Assertions.assertNull(rig, "a test has one rig");
        rig = new Rig(subject, queueSettings);
        return rig;
    }

    /**
     * Skips the test where an operation is not offered, after making sure that the transport says so.
     *
     * @param operation which
     */
    protected final void needs(Operation operation) {
        Assumptions.assumeTrue(rig().capabilities().supports(operation),
                () -> subject.open().getScheme() + " declares that it does not offer " + operation);
    }

    /**
     * Skips a test that uses no far role, or only far roles in processes of its own, where those of other tests run in a second
     * process: it would do the same once more.
     */
    protected final void onlyOnce() {
        Assumptions.assumeTrue(subject.placement() == Subject.Placement.IN_PROCESS,
                "the same as with both roles in one process, where it has been run");
    }

    /**
     * Opens the rig of this test with a far role in a process of its own, which the test may stop, freeze and kill. Skips
     * the test where the transport stays inside one process, and where it would be run {@linkplain #onlyOnce() once more}.
     *
     * @param flags more flags for its JVM
     * @return the process; it ends with the test
     * @throws IOException when it does not start
     */
    protected final FarProcess ownFar(String... flags) throws IOException {
        onlyOnce();
        try (Rig probe = new Rig(subject, Settings.none())) {
            Assumptions.assumeTrue(probe.capabilities().crossesProcesses(),
                    () -> probe.scheme() + " declares that both ends are in one process");
        }
        process = FarProcess.start(flags);
        rig = new Rig(subject, Settings.none(), process.address());
        return process;
    }

    @AfterEach
    final void closeRig() throws IOException {
        try (FarProcess ended = process) {
            if (rig != null) {
                close(rig, ended == null);
            }
        }
    }

    private static void close(Rig rig, boolean farMustBeWell) throws IOException {
        try (rig) {
            if (farMustBeWell) {
                Assertions.assertEquals("", rig.farFailure(), "the far poller failed");
            }
        }
    }

    /** Attaches what both roles have to say to the failure of a test. */
    static final class FailureReport implements TestExecutionExceptionHandler {

        @Override
        public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
            if (context.getRequiredTestInstance() instanceof Theme theme && theme.rig != null
                    && !(failure instanceof TestAbortedException)) {
                failure.addSuppressed(new AssertionError(theme.rig.report()
                        + (theme.process == null ? "" : theme.process.errors())));
            }
            throw failure;
        }
    }
}
