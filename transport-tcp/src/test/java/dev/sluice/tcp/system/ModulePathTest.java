package dev.sluice.tcp.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Sluice;
import dev.sluice.tcp.TcpProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A user's module that requires the api alone, with the transport on the module path. */
@Tag("slow")
final class ModulePathTest {
    private static final String CONSUMER = "/dev/sluice/tcp/system/consumer/";

    @TempDir
    private Path folder;

    private String modulePath;

    @BeforeEach
    void compileConsumer() throws Exception {
        Path source = folder.resolve("source");
        Path main = Files.createDirectories(source.resolve("consumer")).resolve("Main.java");
        copy("Main.java.txt", main);
        copy("module-info.java.txt", source.resolve("module-info.java"));
        Path transport = transportClasses();
        Path api = ForkedJvm.classesOf(Sluice.class);
        Path out = folder.resolve("consumer");
        ForkedJvm.Said javac = ForkedJvm.run(folder, ForkedJvm.tool("javac"), "-Xlint:all", "-Werror", "-p",
                api.toString(), "-d", out.toString(), main.toString(), source.resolve("module-info.java").toString());
        assertThat(javac.exit()).as(javac.text()).isZero();
        modulePath = String.join(File.pathSeparator, api.toString(), transport.toString(), out.toString());
    }

    private static void copy(String resource, Path to) throws Exception {
        try (var in = ModulePathTest.class.getResourceAsStream(CONSUMER + resource)) {
            assertThat(in).as(resource).isNotNull();
            Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Path transportClasses() throws Exception {
        Path classes = ForkedJvm.classesOf(TcpProvider.class);
        assertThat(Files.isRegularFile(classes) || Files.exists(classes.resolve("module-info.class")))
                .as("%s is a module", classes).isTrue();
        return classes;
    }

    private ForkedJvm.Said runConsumer(String... flags) throws Exception {
        List<String> command = new ArrayList<>(List.of(ForkedJvm.java()));
        command.addAll(List.of(flags));
        command.addAll(List.of("-p", modulePath, "-m", "consumer/consumer.Main"));
        return ForkedJvm.run(folder, command.toArray(String[]::new));
    }

    @Test
    void shouldEchoWhenNativeAccessIsGivenToTheTransportAlone() throws Exception {
        ForkedJvm.Said said = runConsumer("--enable-native-access=dev.sluice.api", "--illegal-native-access=deny");
        assertThat(said.text()).contains("module dev.sluice.tcp", "echo hello").doesNotContain("WARNING");
        assertThat(said.exit()).isZero();
    }

    @Test
    void shouldSayCauseAndRemedyWhenNativeAccessIsDenied() throws Exception {
        ForkedJvm.Said said = runConsumer("--illegal-native-access=deny");
        assertThat(said.text()).contains("unavailable: native access is denied",
                "remedy: start java with --enable-native-access=dev.sluice.api",
                "open: transport 'tcp' is not available")
                .doesNotContain("\tat ");
        assertThat(said.exit()).isEqualTo(3);
    }

    @Test
    void shouldCompileNothingAgainstTheTransportBecauseItExportsNothing() throws Exception {
        ForkedJvm.Said described = ForkedJvm.run(folder, ForkedJvm.java(), "-p", modulePath, "--describe-module",
                "dev.sluice.tcp");
        try (Stream<String> lines = described.text().lines()) {
            assertThat(lines.filter(line -> line.matches("(qualified )?(exports|opens) .*"))).isEmpty();
        }
        assertThat(described.text())
                .contains("provides dev.sluice.spi.TransportProvider with dev.sluice.tcp.TcpProvider");
    }
}
