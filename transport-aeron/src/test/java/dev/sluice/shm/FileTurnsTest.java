package dev.sluice.shm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.FileMode;
import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.RemoteRegion;
import dev.sluice.SluiceFile;
import dev.sluice.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

class FileTurnsTest {
    private static final int LONG_BYTES = 64 << 20;
    private static final int SHORT_BYTES = 4096;
    private static final long LONG = 1;
    private static final long SHORT = 2;

    @TempDir
    private Path folder;

    @Test
    void shouldEndAShortFileFirstWhenALongOneWasPostedBefore() throws Exception {
        try (ShmPair pair = new ShmPair(Options.none());
                SluiceFile longFile = pair.transport().openFile(file("long", LONG_BYTES, (byte) 1), FileMode.READ,
                        Options.none());
                SluiceFile shortFile = pair.transport().openFile(file("short", SHORT_BYTES, (byte) 2), FileMode.READ,
                        Options.none())) {
            MemoryRegion region = pair.transport().allocate(LONG_BYTES + SHORT_BYTES, Options.none());
            RemoteRegion remote = pair.share(region);
            assertThat(pair.near().writeFromFile(longFile, 0, LONG_BYTES, remote, 0, LONG, 0)).isNotNegative();
            assertThat(pair.near().writeFromFile(shortFile, 0, SHORT_BYTES, remote, LONG_BYTES, SHORT, 0))
                    .isNotNegative();
            pair.until("both files", () -> pair.nearSaw().completions() == 2);
            assertThat(pair.nearSaw().cookies()).containsExactly(SHORT, LONG);
            assertThat(pair.nearSaw().last()).isEqualTo(Status.OK);
            assertThat(last(region.segment(), LONG_BYTES)).isEqualTo((byte) 1);
            assertThat(last(region.segment(), LONG_BYTES + SHORT_BYTES)).isEqualTo((byte) 2);
        }
    }

    private static byte last(MemorySegment memory, long end) {
        return memory.get(ValueLayout.JAVA_BYTE, end - 1);
    }

    /** Holes, and one byte at the end. */
    private Path file(String name, int bytes, byte last) throws IOException {
        Path path = folder.resolve(name);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[]{last}), bytes - 1);
        }
        assertThat(Files.size(path)).isEqualTo(bytes);
        return path;
    }
}
