package dev.sluice.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** Aeron carries Agrona inside; the tests of the rings use Agrona itself. Two versions would be found out too late. */
class LibrariesTest {
    private static final String AGRONA = "org/agrona/";

    @Test
    void shouldCarryTheVeryAgronaThatTheTestsUse() throws IOException {
        Map<String, Long> tested = classes(jar("agrona-"));
        Map<String, Long> carried = classes(jar("aeron-all-"));
        assertThat(tested).hasSizeGreaterThan(100);
        assertThat(carried).containsAllEntriesOf(tested);
    }

    private static Path jar(String prefix) {
        for (String part : System.getProperty("java.class.path").split(":", -1)) {
            if (Path.of(part).getFileName().toString().startsWith(prefix)) {
                return Path.of(part);
            }
        }
        throw new AssertionError("no " + prefix + "*.jar on the class path");
    }

    /** Checksums of Agrona's own classes, without those of other versions of Java. */
    private static Map<String, Long> classes(Path jar) throws IOException {
        Map<String, Long> found = new HashMap<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().toList()) {
                if (entry.getName().startsWith(AGRONA) && entry.getName().endsWith(".class")) {
                    found.put(entry.getName(), entry.getCrc());
                }
            }
        }
        return found;
    }
}
