package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherFactory;

import java.util.List;

class SuiteMainTest {

    @Test
    void shouldFindATestOfAnyThemeWhenItIsNamed() {
        assertThat(tests("shouldDeliverEmptyMessagesWhenSent")).as("of a theme").containsExactly("Messages");
        assertThat(tests("shouldRefuseWhenAMessageIsTooLarge")).as("of a theme in a theme")
                .containsExactly("Operations");
    }

    @Test
    void shouldFindTheTestsOfAThemeWhenItIsNamed() {
        assertThat(tests("Atomics")).isNotEmpty().containsOnly("Atomics");
        assertThat(tests("Atomics,Results")).contains("Atomics", "Results").doesNotContain("Messages");
    }

    @Test
    void shouldFindNothingWhenTheNameIsNone() {
        assertThat(tests("shouldDeliverEmpty")).isEmpty();
    }

    /** The innermost class of each test found. */
    private static List<String> tests(String only) {
        var plan = LauncherFactory.create().discover(SuiteMain
                .request(List.of(ReferenceConformanceTest.class), List.of(only.split(",", -1)), List.of()).build());
        return plan.getRoots().stream().flatMap(root -> plan.getDescendants(root).stream())
                .filter(test -> plan.getChildren(test).isEmpty() && test.getType().isTest())
                .map(TestIdentifier::getUniqueId)
                .map(id -> id.replaceAll("^.*\\[nested-class:(\\w+)\\].*$", "$1")).toList();
    }
}
