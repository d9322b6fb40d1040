package dev.sluice.tcp.system;

import dev.sluice.FileMode;
import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.RemoteRegion;
import dev.sluice.SluiceFile;

import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes a file into the peer's memory, in a JVM whose system calls are watched. */
final class SendfileMain {
    private SendfileMain() {}

    /**
     * Prints "same" when the bytes arrived.
     *
     * @param arguments the file
     * @throws Exception when anything fails
     */
    public static void main(String[] arguments) throws Exception {
        Path path = Path.of(arguments[0]);
        try (Loopback pair = new Loopback();
                SluiceFile file = pair.transport.openFile(path, FileMode.READ, Options.none());
                FileChannel check = FileChannel.open(path, StandardOpenOption.READ)) {
            pair.connect(Options.none());
            MemoryRegion target = pair.transport.allocate(check.size(), Options.none());
            RemoteRegion remote = pair.share(target);
            pair.near.writeFromFile(file, 0, check.size(), remote, 0, 1, 0);
            pair.until("it completes", () -> pair.nearSaw.completed == 1);
            boolean same = target.segment().mismatch(check.map(FileChannel.MapMode.READ_ONLY, 0, check.size(),
                    Arena.global())) == -1;
            System.out.println(same && pair.nearSaw.bytes == check.size() ? "same" : "different");
        }
    }
}
