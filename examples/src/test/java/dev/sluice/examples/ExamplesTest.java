package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Availability;
import dev.sluice.Sluice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs each example over each transport that can be opened here. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ExamplesTest {

    /** Anywhere on this machine, on each transport that it offers, and on the best of them. */
    static List<String> addresses() {
        return Stream.concat(Stream.of("auto"),
                Sluice.availability().stream().filter(Availability::isAvailable).map(Availability::scheme))
                .map(scheme -> scheme.equals("shm") ? "shm:///" : scheme + "://127.0.0.1:0").toList();
    }

    @Test
    void shouldFindTheTransportsOnTheClassPath() {
        assertThat(addresses()).contains("auto://127.0.0.1:0", "tcp://127.0.0.1:0", "shm:///");
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void shouldPrintWhatWasSaidWhenEchoed(String address) throws Exception {
        assertThat(printed(() -> Echo.main(address, "h\u00e9llo"))).isEqualTo("h\u00e9llo");
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void shouldPrintWhatWasWrittenWhenThePeerIsTold(String address) throws Exception {
        assertThat(printed(() -> OneSidedWrite.main(address, "hello"))).isEqualTo("42 after 4096 bytes: hello");
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void shouldMakeTheSameFileWhenCopied(String address, @TempDir Path directory) throws Exception {
        byte[] content = new byte[(5 << 20) + 17];
        new Random(1).nextBytes(content);
        Path from = Files.write(directory.resolve("from"), content);
        Path to = directory.resolve("to");
        assertThat(printed(() -> FileCopy.main(address, from.toString(), to.toString()))).isEmpty();
        assertThat(Files.mismatch(from, to)).isEqualTo(-1);
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void shouldMakeAnEmptyFileWhenTheSourceIsEmpty(String address, @TempDir Path directory) throws Exception {
        Path from = Files.createFile(directory.resolve("from"));
        Path to = directory.resolve("to");
        FileCopy.main(address, from.toString(), to.toString());
        assertThat(to).isEmptyFile();
    }

    @ParameterizedTest
    @MethodSource("sources")
    void shouldStayShort(Path source) throws Exception {
        assertThat(Files.readAllLines(source)).hasSizeLessThan(40);
    }

    @Test
    void shouldShowInTheReadmeWhatStandsInTheSources() throws Exception {
        List<String> unseen = new ArrayList<>();
        for (Path source : sources()) {
            unseen.add(withoutIndent(Files.readString(source)));
        }
        int shown = 0;
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(
                Files.readString(Path.of("../README.md")));
        while (block.find()) {
            String text = withoutIndent(block.group(1));
            assertThat(unseen).as("the sources, for the README's").anyMatch(source -> source.contains(text));
            unseen.removeIf(source -> source.contains(text));
            shown++;
        }
        assertThat(shown).isEqualTo(3);
        assertThat(unseen).as("not shown").noneMatch(source -> source.contains("void main("));
    }

    private static String withoutIndent(String text) {
        return text.replaceAll("(?m)^ +", "");
    }

    static List<Path> sources() throws Exception {
        try (var files = Files.list(Path.of("src/main/java/dev/sluice/examples"))) {
            return files.toList();
        }
    }

    private static String printed(Example example) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            example.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8).strip();
    }

    /** A main method with its arguments. */
    private interface Example {

        void run() throws Exception;
    }
}
