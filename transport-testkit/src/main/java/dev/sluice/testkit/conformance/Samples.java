package dev.sluice.testkit.conformance;

import dev.sluice.testkit.peer.Pattern;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/** Files of the near role with known content. */
final class Samples {

    private static final int MIB = 1 << 20;

    private Samples() {}

    /** A file with a hole up to a position and a pattern from there. */
    static Path sparse(Path folder, long position, long length, long seed) throws IOException {
        Path path = Files.createTempFile(folder, "sample", ".bin");
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE); Arena arena = Arena.ofConfined()) {
            MemorySegment content = arena.allocate(Math.max(8, length));
            Pattern.fill(content, 0, length, seed);
            channel.position(position);
            write(channel, content.asSlice(0, length));
        }
        return path;
    }

    /** A file that is on the device and, where dd(1) can ask for that, no longer in memory. */
    static Path cold(Path folder, int mebibytes, long seed) throws IOException, InterruptedException {
        Path path = Files.createTempFile(folder, "cold", ".bin");
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE); Arena arena = Arena.ofConfined()) {
            MemorySegment content = arena.allocate(MIB);
            Pattern.fill(content, 0, MIB, seed);
            for (int i = 0; i < mebibytes; i++) {
                write(channel, content);
            }
            channel.force(true);
        }
        // posix_fadvise(2) with POSIX_FADV_DONTNEED, for the whole file. Warm is good enough where there is no dd.
        Process dd = new ProcessBuilder("dd", "of=" + path, "oflag=nocache", "conv=notrunc,fdatasync", "count=0")
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        if (!dd.waitFor(Rig.LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            dd.destroyForcibly().waitFor();
        }
        return path;
    }

    /** How many bytes of a part differ from a pattern. */
    static long mismatches(Path path, long position, long length, long seed) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ); Arena arena = Arena.ofConfined()) {
            MemorySegment part = channel.map(FileChannel.MapMode.READ_ONLY, position, length, arena);
            return Pattern.mismatches(part, 0, length, seed);
        }
    }

    static void truncate(Path path, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
        }
    }

    private static void write(FileChannel channel, MemorySegment content) throws IOException {
        ByteBuffer bytes = content.asByteBuffer();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
