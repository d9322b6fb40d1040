package dev.sluice;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.sluice.internal.linux.AsymmetricFence;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The arrows between the packages of the API, and the one place that touches natives. */
final class ArchitectureTest {
    private static final String LINUX = "dev.sluice.internal.linux";

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.sluice");

    @Test
    void shouldSeeTheClassesItJudges() {
        assertThat(ALL.contain(Transport.class)).isTrue();
        assertThat(ALL.containPackage(LINUX)).isTrue();
    }

    @Test
    void shouldLinkNativeFunctionsInOnePackage() {
        noClasses().that().resideOutsideOfPackage(LINUX).should().dependOnClassesThat()
                .belongToAnyOf(Linker.class, SymbolLookup.class).check(ALL);
        classes().that().resideInAPackage(LINUX).should().onlyDependOnClassesThat().resideInAnyPackage(LINUX, "java..")
                .check(ALL);
    }

    @Test
    void shouldKeepTheSystemCallsOutOfTheApi() {
        noClasses().that().resideOutsideOfPackage("dev.sluice.internal..").should()
                .dependOnClassesThat(resideInAPackage("dev.sluice.internal..").and(not(type(AsymmetricFence.class))))
                .check(ALL);
    }

    @Test
    void shouldFenceByTheKernelInTheSpiOnly() {
        noClasses().that().resideOutsideOfPackages("dev.sluice.internal..", "dev.sluice.spi..").should()
                .dependOnClassesThat(type(AsymmetricFence.class)).check(ALL);
    }

    @Test
    void shouldSuppressRestrictedWarningsInThePackagesThatLinkOnly() throws IOException {
        try (Stream<Path> files = Files.find(Path.of(".."), 16, (path, attributes) -> isProductSource(path))) {
            List<Path> outside = files.filter(ArchitectureTest::mentionsRestricted)
                    .filter(each -> !each.toString().contains("/internal/")).toList();
            assertThat(outside).isEmpty();
        }
    }

    private static boolean isProductSource(Path path) {
        return path.toString().endsWith(".java") && path.toString().contains("/src/main/java/");
    }

    private static boolean mentionsRestricted(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8).contains("\"restricted\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
