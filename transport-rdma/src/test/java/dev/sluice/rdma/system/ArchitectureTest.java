package dev.sluice.rdma.system;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
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

/** The arrows between the packages of this provider: conn to data to memory to internal.ffm. */
final class ArchitectureTest {
    private static final String ROOT = "dev.sluice.rdma";

    private static final String NATIVE = ROOT + ".internal.ffm";

    private static final Path SOURCES = Path.of("src/main/java");

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(ROOT);

    @Test
    void shouldSeeTheClassesItJudges() {
        assertThat(ALL.contain(NATIVE + ".FfmProvider")).isTrue();
        assertThat(ALL.size()).isGreaterThan(40);
    }

    @Test
    void shouldLinkNativeFunctionsInInternalOnly() {
        noClasses().that().resideOutsideOfPackage(NATIVE).should().dependOnClassesThat()
                .belongToAnyOf(Linker.class, SymbolLookup.class).allowEmptyShould(true).check(ALL);
    }

    @Test
    void shouldSuppressRestrictedWarningsInOneClassOnly() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            List<String> where = files.filter(each -> each.toString().endsWith(".java"))
                    .filter(ArchitectureTest::mentionsRestricted).map(each -> each.getFileName().toString()).toList();
            assertThat(where).containsExactly("Symbols.java");
        }
    }

    private static boolean mentionsRestricted(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8).contains("\"restricted\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldPointOneWayBetweenPackages() {
        classes().that().resideInAPackage(NATIVE).should().onlyDependOnClassesThat().resideInAnyPackage(NATIVE,
                "dev.sluice", "dev.sluice.internal.linux", "com.ibm.disni.verbs", "java..").check(ALL);
    }

    @Test
    void shouldUseOnlyTheVerbsOfDisni() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("com.ibm.disni", "com.ibm.disni.util..",
                "com.ibm.disni.verbs.impl..", "sun..", "jdk..").check(ALL);
    }
}
