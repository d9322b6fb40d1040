package dev.sluice.bench.suite;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/** A real file to measure with, gone when this is closed or the process ends. */
final class SampleFile implements AutoCloseable {

    private static final int BLOCK_BYTES = 1 << 20;

    private final Path path;

    private SampleFile(Path path) {
        this.path = path;
    }

    static SampleFile make(long bytes) {
        try {
            Path path = Files.createTempFile("sluice-bench-", ".bin");
            path.toFile().deleteOnExit(); // when a signal ends the bench
            SampleFile file = new SampleFile(path);
            try {
                fill(path, bytes);
                return file;
            } catch (IOException e) {
                file.close();
                throw e;
            }
        } catch (IOException e) {
            throw new BenchException(ExitCodes.ENVIRONMENT, "cannot make a file of " + bytes + " bytes in "
                    + System.getProperty("java.io.tmpdir") + ": " + e.getMessage(), e);
        }
    }

    /** Every block differs in its first bytes, so that swapped blocks show. */
    private static void fill(Path path, long bytes) throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        byte[] block = new byte[BLOCK_BYTES];
        random.nextBytes(block);
        ByteBuffer buffer = ByteBuffer.wrap(block);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            for (long at = 0; at < bytes; at += BLOCK_BYTES) {
                buffer.clear().limit((int) Math.min(BLOCK_BYTES, bytes - at));
                buffer.putLong(0, at);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new BenchException(ExitCodes.ENVIRONMENT, "cannot delete " + path + ": " + e.getMessage(), e);
        }
    }
}
