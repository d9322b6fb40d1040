package dev.sluice.testkit;

import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs the suite from within a test, to see which of its tests fail: how the mutants are judged. Threads may each run one at
 * the same time, so the theme that counts what the whole process has open is left out.
 */
final class SuiteRunner {

    private static final String PROCESS_WIDE = "[nested-class:" + ConformanceSuite.Leaks.class.getSimpleName() + "]";

    private static final ThreadLocal<Subject> CURRENT = new ThreadLocal<>();

    /**
     * What came out.
     *
     * @param passed how many tests passed
     * @param skipped how many were skipped
     * @param failures the tests that failed, each with its message
     */
    record Outcome(int passed, int skipped, List<String> failures) {}

    /** The suite about whatever is being run. Its name keeps it from being found as a test of its own. */
    static final class Suite extends ConformanceSuite {

        @Override
        protected Subject subject() {
            return CURRENT.get();
        }
    }

    private SuiteRunner() {}

    /**
     * Runs tests that are not slow.
     *
     * @param only the name of a theme as in {@link ConformanceSuite}, or of a test method; empty for all
     * @param stopAtFirst whether to run only until one has failed
     */
    static Outcome run(Subject subject, String only, boolean stopAtFirst) {
        LauncherDiscoveryRequest request = SuiteMain
                .request(List.of(Suite.class), only.isEmpty() ? List.of() : List.of(only), List.of("slow", "nightly"))
                .filters((PostDiscoveryFilter) SuiteRunner::isOfThisRun).build();
        Listener listener = new Listener(stopAtFirst);
        CURRENT.set(subject);
        try {
            LauncherFactory.create().execute(LauncherExecutionRequestBuilder.request(request).listeners(listener)
                    .cancellationToken(listener.cancellation).build());
        } finally {
            CURRENT.remove();
        }
        return new Outcome(listener.passed, listener.skipped, List.copyOf(listener.failures));
    }

    private static FilterResult isOfThisRun(TestDescriptor test) {
        return FilterResult.includedIf(!test.getUniqueId().toString().contains(PROCESS_WIDE));
    }

    private static final class Listener implements TestExecutionListener {

        private final CancellationToken cancellation = CancellationToken.create();
        private final List<String> failures = new ArrayList<>();
        private final boolean stopAtFirst;
        private int passed;
        private int skipped;

        Listener(boolean stopAtFirst) {
            this.stopAtFirst = stopAtFirst;
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            switch (result.getStatus()) {
                case SUCCESSFUL -> passed += test.isTest() ? 1 : 0;
                case ABORTED -> skipped++;
                case FAILED -> {
                    failures.add(test.getUniqueId() + ": " + result.getThrowable().map(Throwable::toString).orElse(""));
                    if (stopAtFirst) {
                        cancellation.cancel();
                    }
                }
            }
        }
    }
}
