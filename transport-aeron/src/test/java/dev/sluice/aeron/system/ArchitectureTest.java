package dev.sluice.aeron.system;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Two transports share this module, and nothing else. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.sluice.shm", "dev.sluice.aeron");

    @Test
    void shouldKeepSharedMemoryAwayFromAeron() {
        noClasses().that().resideInAPackage("dev.sluice.shm..").should().dependOnClassesThat()
                .resideInAnyPackage("dev.sluice.aeron..", "io.aeron..", "org.agrona..").check(CLASSES);
    }

    @Test
    void shouldKeepAeronAwayFromSharedMemory() {
        noClasses().that().resideInAPackage("dev.sluice.aeron..").should().dependOnClassesThat()
                .resideInAPackage("dev.sluice.shm..").check(CLASSES);
    }

    @Test
    void shouldKeepTheDataPlaneBelowTheControlPlane() {
        noClasses().that().resideInAPackage("dev.sluice.aeron.data..").should().dependOnClassesThat()
                .resideInAnyPackage("dev.sluice.aeron.conn..", "dev.sluice.aeron.driver..").check(CLASSES);
    }
}
