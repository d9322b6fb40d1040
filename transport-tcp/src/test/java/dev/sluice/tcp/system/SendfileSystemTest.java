package dev.sluice.tcp.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** No payload byte of a file enters the sender's user space: the kernel's own list of the calls shows it. */
final class SendfileSystemTest {
    private static final long FILE_BYTES = 64L << 20;

    private static final Path STRACE = Path.of("/usr/bin/strace");

    /** Whole and resumed lines end alike: "= 1234", perhaps with a time behind. */
    private static final Pattern RETURNED = Pattern.compile("= (\\d+)$");

    @TempDir
    private Path folder;

    @Test
    void shouldSendFileBySendfileAloneWhenWritingFromFile() throws Exception {
        assumeTrue(Files.isExecutable(STRACE), "strace is not installed: apt-get install strace");
        Path file = folder.resolve("payload");
        byte[] block = new byte[1 << 20];
        for (int i = 0; i < block.length; i++) {
            block[i] = (byte) (i * 31 + (i >> 9));
        }
        try (var out = Files.newOutputStream(file)) {
            for (long written = 0; written < FILE_BYTES; written += block.length) {
                out.write(block);
            }
        }
        Path log = folder.resolve("calls");
        ForkedJvm.Said said = ForkedJvm.run(folder, STRACE.toString(), "-f", "-y", "-qq", "-o", log.toString(), "-e",
                "trace=read,pread64,readv,preadv,write,writev,pwrite64,sendfile,splice,sendto,sendmsg",
                ForkedJvm.java(), "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                SendfileMain.class.getName(), file.toString());
        assumeTrue(!said.text().contains("ptrace"), "strace may not trace here: " + said.text());
        assertThat(said.text()).contains("same");
        List<String> calls = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        List<String> ofTheFile = calls.stream().filter(line -> line.contains(file.toString())).toList();
        assertThat(ofTheFile).filteredOn(line -> !line.contains("sendfile") && !line.endsWith("= 0"))
                .as("reads of the payload").isEmpty();
        assertThat(sum(calls, "sendfile")).as("bytes by sendfile").isEqualTo(FILE_BYTES);
        assertThat(sum(calls, "sendto") + sum(calls, "sendmsg")).as("bytes of headers").isLessThan(FILE_BYTES / 1000);
    }

    private static long sum(List<String> calls, String name) {
        return calls.stream().filter(line -> line.contains(" " + name + "(") || line.contains("<... " + name))
                .map(RETURNED::matcher).filter(Matcher::find).mapToLong(match -> Long.parseLong(match.group(1))).sum();
    }
}
