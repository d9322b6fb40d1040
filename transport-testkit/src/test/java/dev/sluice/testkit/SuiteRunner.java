package dev.sluice.testkit;

import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

import java.util.ArrayList;
import java.util.List;

/** Runs the whole suite from within a test, to see which of its tests fail: how the mutants are judged. One run at a time. */
final class SuiteRunner {

    private static volatile Subject current;

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
            return current;
        }
    }

    private SuiteRunner() {}

    /** Runs all but the slow tests; with {@code stopAtFirst} only until one has failed. */
    static Outcome run(Subject subject, boolean stopAtFirst) {
        return run(subject, "", stopAtFirst);
    }

    /**
     * Runs some tests.
     *
     * @param only the name of a theme as in {@link ConformanceSuite}, or of a test method; empty for all
     */
    static synchronized Outcome run(Subject subject, String only, boolean stopAtFirst) {
        current = subject;
        LauncherDiscoveryRequest request = SuiteMain
                .request(List.of(Suite.class), only.isEmpty() ? List.of() : List.of(only), List.of("slow", "nightly"))
                .build();
        Listener listener = new Listener(stopAtFirst);
        LauncherFactory.create().execute(LauncherExecutionRequestBuilder.request(request).listeners(listener)
                .cancellationToken(listener.cancellation).build());
        return new Outcome(listener.passed, listener.skipped, List.copyOf(listener.failures));
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
