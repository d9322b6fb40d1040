package dev.sluice.rdma.internal.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** C that tests compile with the compiler of this machine; without one they are skipped. */
final class CompiledC {
    private static final long LIMIT_SECONDS = 60L * Long.getLong("sluice.test.timeScale", 1);

    private CompiledC() {}

    /** Compiles a source and returns what the program prints. */
    static String output(Path folder, String source) throws Exception {
        Path program = Files.writeString(folder.resolve("program.c"), source);
        Path binary = folder.resolve("program");
        compile("-o", binary.toString(), program.toString());
        return run(binary.toString());
    }

    /** Compiles a source to a shared library. */
    static Path library(Path folder, Path source) throws Exception {
        Path library = folder.resolve("lib" + source.getFileName().toString().replace(".c", ".so"));
        compile("-O2", "-shared", "-fPIC", "-o", library.toString(), source.toString());
        return library;
    }

    /** Compiles a source for 64-bit Arm, whose headers of verbs are those of this machine. */
    static void checkForArm(Path folder, String source) throws Exception {
        Path program = Files.writeString(folder.resolve("arm.c"), source);
        compileWith("aarch64-linux-gnu-gcc", "-idirafter", "/usr/include", "-c", "-o",
                folder.resolve("arm.o").toString(),
                program.toString());
    }

    /** Skips the test where a C header is missing. */
    static void assumeHeader(String path) {
        assumeTrue(Files.exists(Path.of(path)), "there is no " + path);
    }

    private static void compile(String... arguments) throws Exception {
        compileWith("cc", arguments);
    }

    private static void compileWith(String compiler, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(compiler));
        command.addAll(Arrays.asList(arguments));
        try {
            assertThat(run(command.toArray(String[]::new))).isEmpty();
        } catch (IOException absent) {
            assumeTrue(false, "no C compiler: " + absent.getMessage());
        }
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            return said;
        } finally {
            process.destroyForcibly();
        }
    }
}
