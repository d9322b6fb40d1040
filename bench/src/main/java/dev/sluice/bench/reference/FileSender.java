package dev.sluice.bench.reference;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.pair.Budget;
import dev.sluice.bench.pair.Ends;
import dev.sluice.bench.pair.FileMeasurement;
import dev.sluice.bench.pair.Session;
import dev.sluice.bench.pair.WaitMode;
import dev.sluice.bench.process.ChildJvm;
import dev.sluice.bench.process.Pinning;
import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.Row;
import dev.sluice.bench.report.Rows;
import dev.sluice.bench.report.Timings;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * A sender of a file in a JVM of its own, Sluice's or the bare {@link TransferTo} loop, so that its processor time is that
 * of a process that does nothing else: the worker thread that reads ahead counts, the bench does not.
 */
public final class FileSender implements Tool, AutoCloseable {

    /** How the line begins that says that the file was sent once and compared. */
    private static final String READY = "ready to send ";
    private static final String SENT = "sent ";
    private static final String SCHEME = "tcp";
    private static final String OP = "write-from-file";

    private final ChildJvm sender;
    private final String tool;
    private final WaitMode waitMode;
    private final long millis;
    private final long fileBytes;

    private FileSender(ChildJvm sender, String tool, WaitMode waitMode, long millis) {
        this.sender = sender;
        this.tool = tool;
        this.waitMode = waitMode;
        this.millis = millis;
        fileBytes = Long.parseLong(sender.awaitLine(READY));
    }

    /**
     * Starts a sender, which sends the file once before this returns: then it is in the page cache.
     *
     * @param tool {@link Row#SLUICE} or {@link TransferTo#TOOL}
     * @param file which
     * @param waitMode how both ends of Sluice wait
     * @param millis for how long a run sends, at least one whole file
     * @param pinning where sender and receiver run
     * @return the sender
     * @throws BenchException when the file cannot be sent
     */
    public static FileSender start(String tool, Path file, WaitMode waitMode, long millis, Pinning pinning) {
        ChildJvm sender = ChildJvm.start(pinning::near, "file-sender", "--tool", tool, "--file",
                file.toAbsolutePath().toString(), "--wait", waitMode.label(), "--cpus", pinning.option());
        try {
            return new FileSender(sender, tool, waitMode, millis);
        } catch (RuntimeException e) {
            sender.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return tool;
    }

    @Override
    public String test() {
        return "loop";
    }

    @Override
    public Comparison.Metric metric() {
        return Comparison.Metric.SENDER_CPU;
    }

    @Override
    public Row run() {
        sender.say(String.valueOf(millis));
        String line = sender.awaitLine(SENT);
        String[] figures = line.split(" ", -1);
        try {
            long transfers = Long.parseLong(figures[0]);
            double elapsedNs = Long.parseLong(figures[1]);
            double perSecond = transfers * 1e9 / elapsedNs;
            Timings times = Timings.ofMedianAndMean(transfers, Double.parseDouble(figures[3]), elapsedNs / transfers);
            return new Row(tool, SCHEME, OP, fileBytes, Row.PIPELINED, waitLabel(), times, perSecond,
                    perSecond * fileBytes, Timings.UNKNOWN, Map.of(Rows.SENDER_CPU,
                            Rows.cpuSecondsPerGib(Long.parseLong(figures[2]), transfers * (double) fileBytes)),
                    null);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new BenchException(ExitCodes.UNEXPECTED, "the sender of a file printed '" + line + "'", e);
        }
    }

    /** A blocking call sleeps in the kernel. */
    private String waitLabel() {
        return tool.equals(Row.SLUICE) ? waitMode.label() : WaitMode.AWAIT.label();
    }

    @Override
    public void close() {
        sender.close();
    }

    /** Sends once for a time. */
    private interface Sending {
        FileMeasurement run(Budget budget);
    }

    /**
     * What the sender's process does: sends the file once, and then again for as many milliseconds as each line of the input
     * says, until that ends.
     *
     * @param tool {@link Row#SLUICE} or {@link TransferTo#TOOL}
     * @param file which
     * @param waitMode how both ends of Sluice wait
     * @param pinning where the receiver runs
     * @param in lines
     * @param out gets the figures
     * @throws IOException when the input cannot be read
     */
    public static void serve(String tool, Path file, WaitMode waitMode, Pinning pinning, InputStream in,
            PrintStream out) throws IOException {
        if (tool.equals(TransferTo.TOOL)) {
            try (TransferTo loop = TransferTo.start(file, pinning)) {
                serve(loop::run, in, out);
            }
        } else {
            try (Ends ends = Ends.open(SCHEME, null, pinning)) {
                Session session = ends.session();
                session.verifyFile(file, waitMode);
                serve(budget -> session.file(file, waitMode, budget), in, out);
            }
        }
    }

    private static void serve(Sending sending, InputStream in, PrintStream out) throws IOException {
        out.println(READY + sending.run(Budget.of(1)).fileBytes());
        out.flush();
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            FileMeasurement f = sending.run(Budget.ofMillis(Long.parseLong(line)));
            out.println(SENT + f.measurement().operations() + " " + f.measurement().elapsedNs() + " " + f.cpuNs() + " "
                    + f.measurement().times().getValueAtPercentile(50));
            out.flush();
        }
    }
}
