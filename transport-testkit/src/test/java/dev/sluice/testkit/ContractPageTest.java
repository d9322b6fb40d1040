package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.driver.DriverSuite;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** docs/conformance.md tells the truth: every line of the contract has tests, and every test that it names is one. */
class ContractPageTest {

    private static final int LINES = 20;
    private static final Pattern NUMBERS = Pattern.compile("([0-9, ]+): ");

    private final String page;
    /** The tests by class and method, as the page names them. */
    private final Map<String, Method> tests = new TreeMap<>();

    ContractPageTest() throws Exception {
        page = Files.readString(Path.of("../docs/conformance.md"));
        Stream.of(ConformanceSuite.class, DriverSuite.class).flatMap(suite -> Stream.of(suite.getDeclaredClasses()))
                .map(Class::getSuperclass).flatMap(theme -> Stream.of(theme.getDeclaredMethods()))
                .filter(method -> method.getName().startsWith("should"))
                .forEach(test -> tests.put(test.getDeclaringClass().getSimpleName() + "." + test.getName(), test));
    }

    @Test
    void shouldHaveTestsForEveryLine() {
        Map<Integer, List<String>> byLine = new TreeMap<>();
        tests.forEach((name, test) -> lines(test).forEach(
                line -> byLine.computeIfAbsent(line, l -> new ArrayList<>()).add(name)));
        assertThat(byLine.keySet()).containsExactlyElementsOf(Stream.iterate(1, n -> n + 1).limit(LINES).toList());
    }

    @Test
    void shouldPutEveryThemeBesideTheLinesItIsAbout() {
        Map<Integer, String> rows = new TreeMap<>();
        Matcher row = Pattern.compile("(?m)^\\| (\\d+) [^|]*\\|([^|]*)\\|$").matcher(page);
        while (row.find()) {
            rows.put(Integer.valueOf(row.group(1)), row.group(2));
        }
        assertThat(rows).hasSize(LINES);
        rows.forEach((line, themes) -> {
            Set<String> having = tests.values().stream().filter(test -> lines(test).contains(line))
                    .map(test -> test.getDeclaringClass().getSimpleName()).collect(Collectors.toSet());
            assertThat(having).as("themes with tests of line %s", line).contains(themes.trim().split(", ", -1));
        });
        assertThat(tests.values()).allSatisfy(test -> assertThat(page)
                .contains(test.getDeclaringClass().getSimpleName()));
    }

    @Test
    void shouldNameOnlyTestsThatExistWithTheirLanes() {
        int named = 0;
        for (String row : page.lines().filter(line -> line.startsWith("| ") && line.contains(".should")).toList()) {
            Matcher name = Pattern.compile("`(\\w+\\.should\\w+)`").matcher(row);
            while (name.find()) {
                assertThat(tests).containsKey(name.group(1));
                Tag tag = tests.get(name.group(1)).getAnnotation(Tag.class);
                assertThat(row).endsWith("| " + (tag == null ? "fast" : tag.value()) + " |");
                named++;
            }
        }
        assertThat(named).isGreaterThan(20);
    }

    /** The numbers that a test's name begins with; none for the upper levels, which have no lines of their own. */
    private static List<Integer> lines(Method test) {
        DisplayName name = test.getAnnotation(DisplayName.class);
        Matcher numbers = NUMBERS.matcher(name == null ? "" : name.value());
        return numbers.lookingAt()
                ? Stream.of(numbers.group(1).split(",", -1)).map(n -> Integer.valueOf(n.trim())).toList()
                : List.of();
    }
}
