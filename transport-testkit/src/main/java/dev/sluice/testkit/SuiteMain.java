package dev.sluice.testkit;

import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs a suite where there is a JVM but no build, such as in a virtual machine: one line for each test, the reasons of
 * skips and failures, and a last line with the sums.
 *
 * <pre>{@code
 * java -ea -cp ... dev.sluice.testkit.SuiteMain [--slow|--nightly] [--only NAME,...] dev.sluice.tcp.TcpConformanceTest
 * }</pre>
 *
 * Exit code 0 when at least one test ran and none failed, 1 otherwise, 2 after wrong usage.
 */
public final class SuiteMain {

    private static final int USAGE = 2;

    private SuiteMain() {}

    /**
     * Runs a suite and ends the JVM.
     *
     * @param args {@code --slow} for the tests with that tag, too, {@code --nightly} for all; {@code --only} and the names,
     *     with commas between, of themes as in {@link ConformanceSuite}, of test methods or of classes without their packages;
     *     the names of the classes
     */
    public static void main(String[] args) {
        List<String> words = new ArrayList<>(List.of(args));
        List<String> without = new ArrayList<>(List.of("slow", "nightly"));
        if (words.remove("--slow")) {
            without.remove("slow");
        }
        if (words.remove("--nightly")) {
            without.clear();
        }
        List<String> only = List.of();
        int at = words.indexOf("--only");
        if (at >= 0 && at + 1 < words.size()) {
            words.remove(at);
            only = List.of(words.remove(at).split(","));
        }
        if (words.isEmpty()) {
            System.err.println("usage: SuiteMain [--slow|--nightly] [--only NAME,...] CLASS...");
            System.exit(USAGE);
        }
        SuiteReport report = new SuiteReport(System.out);
        LauncherFactory.create().execute(request(words.stream().map(SuiteMain::named).toList(), only, without).build(),
                report);
        System.exit(report.sum() ? 0 : 1);
    }

    /** The tests of classes, but for those with the tags {@code without}; all when {@code only} is empty. */
    static LauncherDiscoveryRequestBuilder request(List<Class<?>> suites, List<String> only,
            List<String> without) {
        return LauncherDiscoveryRequestBuilder.request()
                .selectors(suites.stream().map(DiscoverySelectors::selectClass).toList())
                .filters((PostDiscoveryFilter) test -> FilterResult
                        .includedIf(test.getTags().stream().noneMatch(tag -> without.contains(tag.getName()))))
                .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(isOneOf(only, test)));
    }

    private static boolean isOneOf(List<String> only, TestDescriptor test) {
        String id = test.getUniqueId().toString();
        boolean container = !id.contains("[method:") && !id.contains("[test-template:");
        // An inherited test that is package-private in another package is named with its class.
        return only.isEmpty() || container || only.stream().anyMatch(
                name -> id.contains("[nested-class:" + name + "]") || id.contains('.' + name + "]/")
                        || id.contains(':' + name + '(') || id.contains('#' + name + '('));
    }

    private static Class<?> named(String suite) {
        try {
            return Class.forName(suite);
        } catch (ClassNotFoundException e) {
            System.err.println("there is no class " + suite + " on the class path");
            System.exit(USAGE);
            throw new IllegalStateException(e);
        }
    }
}
