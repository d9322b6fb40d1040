package dev.sluice.aeron.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.SluiceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

class NamesTest {
    @TempDir
    private Path driver;

    @Test
    void shouldFindANameWhenALivingProcessHasIt() throws Exception {
        Names.take(driver, "a/b c", 4711);
        assertThat(Names.find(driver.toString(), "a/b c")).isEqualTo(new Names.Place(driver, 4711));
        assertThatThrownBy(() -> Names.take(driver, "a/b c", 1)).isInstanceOf(SluiceException.class)
                .hasMessageContaining("another listener");
        Names.release(driver, "a/b c");
        assertThat(Names.find(driver.toString(), "a/b c")).isNull();
    }

    @Test
    void shouldTakeANameOverWhenItsProcessIsDead() throws Exception {
        Names.take(driver, "x", 1);
        Path link;
        try (var links = Files.list(driver.resolve("sluice-names"))) {
            link = links.findFirst().orElseThrow();
        }
        Files.delete(link);
        // The number of init, with a start time that it cannot have.
        Files.createSymbolicLink(link, Path.of("2@" + OwnProcess.namespace() + "-1-99999999999999"));
        assertThat(Names.find(driver.toString(), "x")).isNull();
        Names.take(driver, "x", 3);
        assertThat(Names.find(driver.toString(), "x").stream()).isEqualTo(3);
    }

    @Test
    void shouldRefuseNamesThatNoFileCanHave() {
        assertThatThrownBy(() -> Names.take(driver, "", 1)).isInstanceOf(SluiceException.class);
        assertThatThrownBy(() -> Names.take(driver, "x".repeat(201), 1)).isInstanceOf(SluiceException.class);
    }
}
