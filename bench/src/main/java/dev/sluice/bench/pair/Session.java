package dev.sluice.bench.pair;

import dev.sluice.Operation;
import dev.sluice.Transport;
import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;

import java.net.URI;
import java.nio.file.Path;

/**
 * Measures one operation after the other with one bench peer, each on a connection of its own. Not thread-safe: the calling
 * thread is the one that measures.
 */
public final class Session {

    private static final long LARGEST_REGION_BYTES = 256L << 20;

    private final Transport transport;
    private final URI peer;

    /**
     * A session; connects only when something is measured.
     *
     * @param transport where
     * @param peer the bench peer's address
     */
    public Session(Transport transport, URI peer) {
        this.transport = transport;
        this.peer = peer;
    }

    /**
     * Proves that an operation moves the bytes it should.
     *
     * @param op which
     * @param sizeBytes its length
     * @param wait how both ends wait
     * @throws BenchException when bytes differ, or the peer cannot be reached or ends
     */
    public void verify(Op op, long sizeBytes, WaitMode wait) {
        require(op, sizeBytes, wait);
        try (NearEnd end = open(Mode.VERIFY, op, sizeBytes, wait, 2)) {
            new Verification(end).run();
        }
    }

    /**
     * One operation after the other.
     *
     * @param op which
     * @param sizeBytes its length
     * @param wait how both ends wait
     * @param warmUp runs before, not reported
     * @param measured what is reported
     * @return the figures
     * @throws BenchException when an answer is wrong, or the peer cannot be reached or ends
     */
    public Measurement latency(Op op, long sizeBytes, WaitMode wait, Budget warmUp, Budget measured) {
        require(op, sizeBytes, wait);
        try (NearEnd end = open(Mode.LATENCY, op, sizeBytes, wait, 2)) {
            ClosedLoop loop = new ClosedLoop(end);
            loop.run(warmUp);
            return loop.run(measured);
        }
    }

    /**
     * Many operations outstanding.
     *
     * @param op message, write or read
     * @param sizeBytes the length of one
     * @param depth how many, for messages above the claim limit, writes and reads
     * @param wait how both ends wait
     * @param warmUp runs before, not reported
     * @param measured what is reported
     * @return the figures; for messages without times of single operations
     * @throws BenchException when something is lost, or the peer cannot be reached or ends
     */
    public Measurement throughput(Op op, long sizeBytes, int depth, WaitMode wait, Budget warmUp, Budget measured) {
        require(op, sizeBytes, wait);
        if (op != Op.MESSAGE && op != Op.WRITE && op != Op.READ) {
            throw new BenchException(ExitCodes.USAGE, "throughput is measured for message, write and read, not for "
                    + op.label());
        }
        if (sizeBytes < Long.BYTES) {
            throw new BenchException(ExitCodes.USAGE, "throughput needs a size of at least 8 bytes, not " + sizeBytes);
        }
        if (depth * NearEnd.slotBytes(sizeBytes) > LARGEST_REGION_BYTES) {
            throw new BenchException(ExitCodes.USAGE, depth + " operations of " + sizeBytes
                    + " bytes need more than 256 MiB on each side; lower --depth or --size");
        }
        try (NearEnd end = open(Mode.THROUGHPUT, op, sizeBytes, wait, depth)) {
            if (op == Op.MESSAGE) {
                MessageStream stream = new MessageStream(end);
                stream.run(warmUp);
                return stream.run(measured);
            }
            Pipeline pipeline = new Pipeline(end);
            pipeline.run(warmUp);
            return pipeline.run(measured);
        }
    }

    /**
     * Proves that a file arrives as it is, each piece compared.
     *
     * @param file which
     * @param wait how both ends wait
     * @throws BenchException when the file cannot be read, bytes differ, or the peer cannot be reached or ends
     */
    public void verifyFile(Path file, WaitMode wait) {
        try (NearEnd end = openForFile(wait); FileTransfer transfer = new FileTransfer(end, transport, file)) {
            transfer.verify();
        }
    }

    /**
     * A file into the peer's memory, after once that is not reported.
     *
     * @param file which
     * @param wait how both ends wait
     * @param measured how often, or how long
     * @return the figures
     * @throws BenchException when the file cannot be read, or the peer cannot be reached or ends
     */
    public FileMeasurement file(Path file, WaitMode wait, Budget measured) {
        try (NearEnd end = openForFile(wait); FileTransfer transfer = new FileTransfer(end, transport, file)) {
            transfer.run(Budget.of(1));
            long cpuBeforeNs = ProcessorTime.ofThisProcessNs();
            Measurement m = transfer.run(measured);
            return new FileMeasurement(m, transfer.lengthBytes(), ProcessorTime.ofThisProcessNs() - cpuBeforeNs);
        }
    }

    private NearEnd openForFile(WaitMode wait) {
        require(Op.WRITE_FROM_FILE, FileTransfer.PIECE_BYTES, wait);
        return open(Mode.THROUGHPUT, Op.WRITE_FROM_FILE, FileTransfer.PIECE_BYTES, wait, FileTransfer.DEPTH);
    }

    private NearEnd open(Mode mode, Op op, long sizeBytes, WaitMode wait, int depth) {
        long regionBytes = Math.max(4096, depth * NearEnd.slotBytes(sizeBytes));
        return NearEnd.connect(transport, peer, new Spec(mode, op, wait, sizeBytes, regionBytes, depth));
    }

    private void require(Op op, long sizeBytes, WaitMode wait) {
        for (Operation needed : op.needs()) {
            if (!transport.capabilities().supports(needed)) {
                throw new BenchException(ExitCodes.TRANSPORT_UNAVAILABLE,
                        "transport '" + transport.scheme() + "' does not offer " + needed + ", which --op " + op.label()
                                + " needs");
            }
        }
        if (op.isAtomic() && sizeBytes != Long.BYTES) {
            throw new BenchException(ExitCodes.USAGE, op.label() + " works on 8 bytes, not " + sizeBytes);
        }
        if (op == Op.MESSAGE && sizeBytes > transport.limits().maxMessageBytes()) {
            throw new BenchException(ExitCodes.USAGE, "a message of '" + transport.scheme() + "' has at most "
                    + transport.limits().maxMessageBytes() + " bytes, not " + sizeBytes);
        }
        if ((op != Op.MESSAGE && sizeBytes < 1) || sizeBytes > LARGEST_REGION_BYTES / 2) {
            throw new BenchException(ExitCodes.USAGE, op.label() + " is measured from 1 byte to 128 MiB, not "
                    + sizeBytes);
        }
        if (op == Op.WRITE_PINGPONG) {
            requireWatchable(sizeBytes, wait);
        }
    }

    private void requireWatchable(long sizeBytes, WaitMode wait) {
        if (transport.capabilities().targetMustPoll()) {
            throw new BenchException(ExitCodes.TRANSPORT_UNAVAILABLE, "transport '" + transport.scheme()
                    + "' places writes only while its target polls, so there is no memory to watch: "
                    + "use --op write or --op write-imm");
        }
        if (wait == WaitMode.AWAIT) {
            throw new BenchException(ExitCodes.USAGE,
                    "write-pingpong watches memory, which nobody can sleep on: use --wait spin or --wait yield");
        }
        if (sizeBytes < Long.BYTES) {
            throw new BenchException(ExitCodes.USAGE, "write-pingpong watches 8 bytes: --size must be at least 8");
        }
    }
}
