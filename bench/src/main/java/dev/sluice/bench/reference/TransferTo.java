package dev.sluice.bench.reference;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.pair.Allocation;
import dev.sluice.bench.pair.Budget;
import dev.sluice.bench.pair.FileMeasurement;
import dev.sluice.bench.pair.Measurement;
import dev.sluice.bench.pair.ProcessorTime;
import dev.sluice.bench.process.ChildJvm;
import dev.sluice.bench.process.Pinning;
import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The floor of sending a file from Java: {@link FileChannel#transferTo} in a loop, into a blocking socket over the loopback
 * address, with a {@link FileSink} in a second process. For one thread.
 */
public final class TransferTo implements AutoCloseable {

    /** The name in results. */
    public static final String TOOL = "transferTo";

    private final ChildJvm sink;
    private final FileChannel file;
    private final SocketChannel socket;
    private final ByteBuffer small = ByteBuffer.allocateDirect(Long.BYTES);

    private TransferTo(ChildJvm sink, FileChannel file, SocketChannel socket) {
        this.sink = sink;
        this.file = file;
        this.socket = socket;
    }

    /**
     * Starts the sink and connects to it.
     *
     * @param path the file to send
     * @param pinning where the sink runs
     * @return the near end
     * @throws BenchException when the file cannot be read, or the sink does not start
     */
    public static TransferTo start(Path path, Pinning pinning) {
        ChildJvm sink = ChildJvm.start(pinning::far, "file-sink");
        try {
            int port = Integer.parseInt(sink.awaitLine(FileSink.LISTENING));
            SocketChannel socket = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return new TransferTo(sink, FileChannel.open(path, StandardOpenOption.READ), socket);
        } catch (IOException e) {
            sink.close();
            throw new BenchException(ExitCodes.ENVIRONMENT, "cannot send " + path + ": " + e, e);
        } catch (RuntimeException e) {
            sink.close();
            throw e;
        }
    }

    /**
     * Sends the file again and again until the budget is used up; at least once.
     *
     * @param budget how often, or how long
     * @return the figures
     * @throws BenchException when the sink ends
     */
    public FileMeasurement run(Budget budget) {
        Histogram times = Measurement.newHistogram();
        Allocation.ofThisThread();
        long allocatedBefore = Allocation.ofThisThread();
        long cpuBeforeNs = ProcessorTime.ofThisProcessNs();
        long startNs = System.nanoTime();
        long lastNs = startNs;
        long transfers = 0;
        try {
            long lengthBytes = file.size();
            do {
                send(lengthBytes);
                transfers++;
                long nowNs = System.nanoTime();
                times.recordValue(nowNs - lastNs);
                lastNs = nowNs;
            } while (transfers < budget.operations() && lastNs - startNs < budget.limitNs());
            long cpuNs = ProcessorTime.ofThisProcessNs() - cpuBeforeNs;
            return new FileMeasurement(new Measurement(times, transfers, lastNs - startNs,
                    Allocation.ofThisThread() - allocatedBefore), lengthBytes, cpuNs);
        } catch (IOException e) {
            throw new BenchException(ExitCodes.PEER_DIED, "the transferTo loop broke off: " + e, e);
        }
    }

    private void send(long lengthBytes) throws IOException {
        small.clear().putLong(0, lengthBytes);
        while (small.hasRemaining()) {
            socket.write(small);
        }
        for (long at = 0; at < lengthBytes;) {
            long n = file.transferTo(at, lengthBytes - at, socket);
            if (n <= 0) {
                throw new IOException("the file became shorter while it was sent");
            }
            at += n;
        }
        small.clear().limit(1);
        if (socket.read(small) < 1) {
            throw new IOException("the sink closed the connection");
        }
    }

    @Override
    public void close() {
        try (socket; file) {
            sink.close();
        } catch (IOException e) {
            throw new BenchException(ExitCodes.UNEXPECTED, "cannot close the transferTo loop: " + e, e);
        }
    }
}
