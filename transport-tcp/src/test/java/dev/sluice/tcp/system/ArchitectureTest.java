package dev.sluice.tcp.system;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.sluice.tcp.TcpProvider;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.module.ModuleDescriptor;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The arrows between the packages of this provider: conn to data to memory and file to internal. */
final class ArchitectureTest {
    private static final String ROOT = "dev.sluice.tcp";

    private static final Path SOURCES = Path.of("src/main/java");

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(ROOT);

    @Test
    void shouldSeeTheClassesItJudges() {
        assertThat(ALL.contain(TcpProvider.class)).isTrue();
        assertThat(ALL.size()).isGreaterThan(50);
        assertThat(ALL.get(TcpProvider.class).getDirectDependenciesFromSelf()).as("class files are understood")
                .isNotEmpty();
    }

    @Test
    void shouldLinkNativeFunctionsInInternalOnly() {
        noClasses().that().resideOutsideOfPackage(ROOT + ".internal..").should().dependOnClassesThat()
                .belongToAnyOf(Linker.class, SymbolLookup.class).check(ALL);
    }

    @Test
    void shouldSuppressRestrictedWarningsInInternalOnly() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            List<Path> outside = files.filter(each -> each.toString().endsWith(".java"))
                    .filter(each -> !each.getParent().endsWith("internal")).filter(ArchitectureTest::mentionsRestricted)
                    .toList();
            assertThat(outside).isEmpty();
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
        classes().that().resideInAPackage(ROOT + ".internal..").should().onlyDependOnClassesThat()
                .resideInAnyPackage(ROOT + ".internal..", "java..").check(ALL);
        noClasses().that().resideInAnyPackage(ROOT + ".memory..", ROOT + ".file..").should().dependOnClassesThat()
                .resideInAnyPackage(ROOT + ".data..", ROOT + ".conn..").check(ALL);
        noClasses().that().resideInAPackage(ROOT + ".data..").should().dependOnClassesThat()
                .resideInAPackage(ROOT + ".conn..").check(ALL);
        noClasses().that().resideInAnyPackage(ROOT + ".*..").should().dependOnClassesThat()
                .belongToAnyOf(TcpProvider.class).check(ALL);
    }

    @Test
    void shouldNeedNothingButTheApiAndTheJdk() {
        classes().should().onlyDependOnClassesThat().resideInAnyPackage("dev.sluice", "dev.sluice.spi..", ROOT + "..",
                "java..").check(ALL);
    }

    @Test
    void shouldUseNoNetworkingOfTheJdkButAddresses() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("java.nio.channels..", "sun..", "jdk..")
                .orShould().dependOnClassesThat().belongToAnyOf(Socket.class, ServerSocket.class)
                .check(ALL);
    }

    @Test
    void shouldExportNothing() throws IOException {
        try (var in = Files.newInputStream(Path.of("target/classes/module-info.class"))) {
            ModuleDescriptor module = ModuleDescriptor.read(in);
            assertThat(module.exports()).isEmpty();
            assertThat(module.opens()).isEmpty();
            assertThat(module.requires()).extracting(ModuleDescriptor.Requires::name)
                    .containsExactlyInAnyOrder("java.base", "dev.sluice.api");
        }
    }

    @Test
    void shouldKeepTheProvidersPackageToTheProvider() {
        classes().that().resideInAPackage(ROOT).and().arePublic().should()
                .be(TcpProvider.class).check(ALL);
    }
}
