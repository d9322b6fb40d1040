package dev.sluice.bench.pair;

import dev.sluice.FileMode;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.SluiceFile;
import dev.sluice.Transport;
import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A whole file into the peer's memory, in pieces that go round the peer's region: so a file of any length needs a fixed
 * amount of it. Times are of whole transfers.
 */
final class FileTransfer implements AutoCloseable {

    /** The length of one operation. */
    static final long PIECE_BYTES = 8L << 20;
    /** How many are outstanding. */
    static final int DEPTH = 8;

    private final NearEnd end;
    private final Path path;
    private final SluiceFile file;
    private final long lengthBytes;

    FileTransfer(NearEnd end, Transport transport, Path path) {
        this.end = end;
        this.path = path;
        try {
            file = transport.openFile(path, FileMode.READ, Options.none());
            lengthBytes = file.sizeBytes();
        } catch (SluiceException e) {
            throw new BenchException(ExitCodes.ENVIRONMENT, e.getMessage(), e);
        }
        if (lengthBytes == 0) {
            file.close();
            throw new BenchException(ExitCodes.ENVIRONMENT,
                    "the file " + path + " is empty, there is nothing to measure");
        }
    }

    long lengthBytes() {
        return lengthBytes;
    }

    /** Transfers piece by piece, each compared by its checksum with the file. */
    void verify() {
        Verification check = new Verification(end);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ); Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(PIECE_BYTES);
            for (long at = 0; at < lengthBytes; at += PIECE_BYTES) {
                long piece = Math.min(PIECE_BYTES, lengthBytes - at);
                postNext(at, piece);
                drain();
                MemorySegment expected = buffer.asSlice(0, piece);
                readFully(channel, expected, at);
                long offset = at / PIECE_BYTES % DEPTH * PIECE_BYTES;
                check.expect("the checksum of the piece at " + at, Content.checksum(expected),
                        check.ask(Command.CHECKSUM, offset, piece));
            }
        } catch (IOException e) {
            throw new BenchException(ExitCodes.ENVIRONMENT, "cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    private static void readFully(FileChannel channel, MemorySegment into, long position) throws IOException {
        var buffer = into.asByteBuffer();
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("the file became shorter while it was read");
            }
        }
    }

    /** Transfers the file again and again until the budget is used up; at least once. */
    Measurement run(Budget budget) {
        Histogram times = Measurement.newHistogram();
        Allocation.ofThisThread();
        long allocatedBefore = Allocation.ofThisThread();
        long startNs = System.nanoTime();
        long lastNs = startNs;
        long transfers = 0;
        do {
            once();
            transfers++;
            long nowNs = System.nanoTime();
            times.recordValue(nowNs - lastNs);
            lastNs = nowNs;
        } while (transfers < budget.operations() && lastNs - startNs < budget.limitNs());
        return new Measurement(times, transfers, lastNs - startNs, Allocation.ofThisThread() - allocatedBefore);
    }

    private void once() {
        for (long at = 0; at < lengthBytes; at += PIECE_BYTES) {
            postNext(at, Math.min(PIECE_BYTES, lengthBytes - at));
        }
        drain();
    }

    private void postNext(long at, long piece) {
        int slot = end.slots().peek();
        while (slot == Slots.NONE) {
            end.step();
            slot = end.slots().peek();
        }
        long offset = slot * PIECE_BYTES;
        while (!end.accepted(end.connection().writeFromFile(file, at, piece, end.remote(), offset, slot, 0))) {
            end.step();
        }
        end.slots().take(0);
    }

    private void drain() {
        while (end.slots().outstanding() > 0) {
            end.step();
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
