package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.SuiteRunner.Outcome;
import dev.sluice.testkit.reference.Mutant;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.concurrent.TimeUnit;

/**
 * The suite notices each broken variant of the reference provider, and nothing in the provider as it is: with the same
 * deadlines and at the same time, or what is merely slow would count as noticed. A variant that hangs the suite is named by
 * the time limit.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Execution(ExecutionMode.CONCURRENT)
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MutantsTest {

    /** The longest, so the first. */
    @Test
    @Order(1)
    void shouldPassTheSuiteWhenNothingIsBroken() {
        Outcome outcome = SuiteRunner.run(Subject.of("mem:///", "mem://control:0"), "", false);
        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.passed()).isGreaterThan(100);
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeKilledByTheSuiteWhen(Mutant mutant, TestReporter reporter) {
        Subject subject = Subject.of(mutant.uri(), "mutant://suite:0");
        Outcome outcome = SuiteRunner.run(subject, mutant.killer(), true);
        assertThat(outcome.failures()).as("tests of %s that fail when the provider %s", mutant.killer(), mutant)
                .isNotEmpty();
        reporter.publishEntry(mutant.name(), "killed by " + outcome.failures().getFirst());
    }
}
