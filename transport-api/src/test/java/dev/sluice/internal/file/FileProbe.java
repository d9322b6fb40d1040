package dev.sluice.internal.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.FileMode;
import dev.sluice.internal.linux.Mappings;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.PageCache;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;

/** Files to test with, and what the kernel knows about them. */
final class FileProbe {
    static final Object OWNER = new Object();

    private FileProbe() {}

    static LocalFile open(Path path, FileMode mode) throws IOException {
        return LocalFile.open(OWNER, path, mode, file -> {});
    }

    static byte[] random(int lengthBytes, long seed) {
        byte[] bytes = new byte[lengthBytes];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** How many pages of the range, which begins on a page, are in memory; for a file that this user owns. */
    static long residentPages(NativeContext ctx, LocalFile file, long position, long lengthBytes) {
        int page = Mappings.pageBytes();
        long pages = (lengthBytes + page - 1) / page;
        long address = Mappings.map(ctx, 0, lengthBytes, Mappings.PROT_READ, Mappings.MAP_SHARED, file.fd(), position);
        assertThat(address).isPositive();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment vector = arena.allocate(pages);
            assertThat(PageCache.resident(ctx, address, lengthBytes, vector.address())).isZero();
            long count = 0;
            for (long i = 0; i < pages; i++) {
                count += vector.get(ValueLayout.JAVA_BYTE, i) & 1;
            }
            return count;
        } finally {
            Mappings.unmap(ctx, address, lengthBytes);
        }
    }

    /** Drops a file from the page cache; what was written must be on the disk for that. */
    static void evict(NativeContext ctx, LocalFile file) throws IOException {
        file.force();
        assertThat(PageCache.advise(ctx, file.fd(), 0, 0, PageCache.POSIX_FADV_DONTNEED)).isZero();
    }

    /** How many descriptors of this process lead to the path. */
    static long descriptors(Path path) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(link -> leadsTo(link, path)).count();
        }
    }

    private static boolean leadsTo(Path link, Path path) {
        try {
            return Files.readSymbolicLink(link).equals(path);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
