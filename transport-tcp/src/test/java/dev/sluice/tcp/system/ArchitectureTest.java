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
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.module.ModuleDescriptor;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** The arrows between the packages of this provider: conn to data. */
final class ArchitectureTest {
    private static final String ROOT = "dev.sluice.tcp";

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(ROOT);

    @Test
    void shouldSeeTheClassesItJudges() {
        assertThat(ALL.contain(TcpProvider.class)).isTrue();
        assertThat(ALL.containPackage(ROOT + ".conn")).isTrue();
        assertThat(ALL.containPackage(ROOT + ".data")).isTrue();
        assertThat(ALL.get(TcpProvider.class).getDirectDependenciesFromSelf()).as("class files are understood")
                .isNotEmpty();
    }

    @Test
    void shouldLinkNoNativeFunctions() {
        noClasses().should().dependOnClassesThat().belongToAnyOf(Linker.class, SymbolLookup.class).check(ALL);
    }

    @Test
    void shouldPointOneWayBetweenPackages() {
        noClasses().that().resideInAPackage(ROOT + ".data..").should().dependOnClassesThat()
                .resideInAPackage(ROOT + ".conn..").check(ALL);
        noClasses().that().resideInAnyPackage(ROOT + ".*..").should().dependOnClassesThat()
                .belongToAnyOf(TcpProvider.class).check(ALL);
    }

    @Test
    void shouldNeedNothingButTheApiAndTheJdk() {
        classes().should().onlyDependOnClassesThat().resideInAnyPackage("dev.sluice", "dev.sluice.spi..",
                "dev.sluice.internal..", ROOT + "..",
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
