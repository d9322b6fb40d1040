package dev.sluice.testkit;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Says how each test ended, as it ends. The tests run one after the other. */
final class SuiteReport implements TestExecutionListener {

    private final PrintStream out;
    private final long startNs = System.nanoTime();
    private final Map<String, Long> startedNs = new HashMap<>();
    private final List<String> failed = new ArrayList<>();
    private TestPlan plan;
    private int passed;
    private int skipped;

    SuiteReport(PrintStream out) {
        this.out = out;
    }

    @Override
    public void testPlanExecutionStarted(TestPlan tests) {
        plan = tests;
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        startedNs.put(test.getUniqueId(), System.nanoTime());
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        skip(test, reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        switch (result.getStatus()) {
            case SUCCESSFUL -> {
                if (test.isTest()) {
                    passed++;
                    say("ok", test, millis(test));
                }
            }
            case ABORTED -> skip(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
            case FAILED -> {
                failed.add(name(test));
                say("FAILED", test, millis(test));
                result.getThrowable().ifPresent(e -> e.printStackTrace(out));
                out.flush();
            }
        }
    }

    /** Says the sums; true when something ran and nothing failed. */
    boolean sum() {
        failed.forEach(name -> out.println("failed: " + name));
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNs);
        out.printf(Locale.ROOT, "suite: %d passed, %d skipped, %d failed, in %d s%n", passed, skipped, failed.size(),
                seconds);
        out.flush();
        return passed > 0 && failed.isEmpty();
    }

    private void skip(TestIdentifier test, String reason) {
        skipped++;
        say("skipped", test, reason);
    }

    private void say(String how, TestIdentifier test, String more) {
        out.println(how + ' ' + name(test) + ": " + more);
        out.flush();
    }

    private String millis(TestIdentifier test) {
        long ns = System.nanoTime() - startedNs.getOrDefault(test.getUniqueId(), System.nanoTime());
        return TimeUnit.NANOSECONDS.toMillis(ns) + " ms";
    }

    /** The theme and the test. */
    private String name(TestIdentifier test) {
        return plan.getParent(test).map(theme -> theme.getDisplayName() + '.').orElse("") + test.getDisplayName();
    }
}
