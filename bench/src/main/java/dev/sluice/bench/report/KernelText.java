package dev.sluice.bench.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the small texts of /proc and /sys. */
public final class KernelText {

    private static final int BUFFER_BYTES = 64 << 10;

    private KernelText() {}

    /**
     * Reads a file. In large pieces: files of /proc/sys give everything to the first read and nothing to a second, so what
     * {@link Files#readString} does, a first read of a single byte where the size is said to be 0, yields one digit.
     *
     * @param path which
     * @return its text without blanks around it; empty when it cannot be read
     */
    public static String read(Path path) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(path)) {
            int n = in.read(buffer);
            while (n > 0) {
                text.write(buffer, 0, n);
                n = in.read(buffer);
            }
            return text.toString(StandardCharsets.UTF_8).trim();
        } catch (IOException e) {
            return ""; // a kernel, container or architecture that does not have this file
        }
    }
}
