package dev.sluice.bench.reference;

import dev.sluice.bench.process.Programs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Starts the server half of perftest's programs for a near end on another host, one at a time. A near end connects, writes
 * {@code PROGRAM SIZE ITERATIONS} on a line, reads {@code ready PORT} or {@code failed WHY}, and closes the connection when it
 * is done, which ends the program. Only the programs of {@link PerftestTest} are started, with numbers as arguments.
 */
public final class ToolServer implements AutoCloseable {

    private static final int ASK_MILLIS = 10_000;
    private static final int RUN_MILLIS = 120_000;
    private static final long START_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long LOOK_MILLIS = 20;

    private final ServerSocket server;
    private final Consumer<String> log;

    private ToolServer(ServerSocket server, Consumer<String> log) {
        this.server = server;
        this.log = log;
    }

    /**
     * Listens, and serves on a thread of its own.
     *
     * @param address where; port 0 takes any
     * @param log gets a line for each program that could not be started
     * @return the server
     * @throws IOException when the address cannot be used
     */
    public static ToolServer start(InetSocketAddress address, Consumer<String> log) throws IOException {
        ServerSocket server = new ServerSocket();
        try {
            server.bind(address);
        } catch (IOException e) {
            server.close();
            throw e;
        }
        ToolServer tools = new ToolServer(server, log);
        Thread.ofPlatform().daemon().name("sluice-tools").start(tools::serve);
        return tools;
    }

    /**
     * Where it listens.
     *
     * @return the address
     */
    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket near = server.accept()) {
                near.setSoTimeout(ASK_MILLIS);
                answer(near);
            } catch (IOException | UncheckedIOException e) {
                if (!server.isClosed()) {
                    log.accept("a near end of a tool: " + e.getMessage());
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void answer(Socket near) throws IOException, InterruptedException {
        BufferedReader in = new BufferedReader(
                new InputStreamReader(near.getInputStream(), StandardCharsets.US_ASCII));
        String line = in.readLine();
        Path output = Programs.temporary();
        Process program = null;
        try {
            int port = freePort();
            program = Programs.start(command(line, port), Map.of(), output);
            awaitListening(program, port, output);
            say(near, "ready " + port);
            near.setSoTimeout(RUN_MILLIS);
            in.read(); // until the near end is done
        } catch (IllegalArgumentException | IllegalStateException e) {
            log.accept("'" + line + "': " + e.getMessage());
            say(near, "failed " + e.getMessage());
        } finally {
            Programs.end(program);
            Programs.delete(output);
        }
    }

    private static void say(Socket near, String line) throws IOException {
        near.getOutputStream().write((line + '\n').getBytes(StandardCharsets.UTF_8));
    }

    /** The command that a near end's line asks for. */
    static List<String> command(String line, int port) {
        String[] words = line == null ? new String[0] : line.split(" ", -1);
        if (words.length != 3) {
            throw new IllegalArgumentException("not PROGRAM SIZE ITERATIONS");
        }
        PerftestTest test = PerftestTest.of(words[0])
                .orElseThrow(() -> new IllegalArgumentException("none of the programs that are started here"));
        return Perftest.command(test, Long.parseLong(words[1]), Long.parseLong(words[2]), port);
    }

    /** Reads the kernel's table, as a connection made to find out would be taken for the client's. */
    private static void awaitListening(Process program, int port, Path output)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_NS;
        while (!isListening(port)) {
            if (program.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                throw new IllegalStateException("did not start: "
                        + Files.readString(output, StandardCharsets.UTF_8).strip().replaceAll("\\s+", " "));
            }
        }
    }

    private static boolean isListening(int port) throws IOException {
        String local = String.format(Locale.ROOT, ":%04X", port);
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table), StandardCharsets.US_ASCII)) {
                String[] columns = line.strip().split("\\s+", -1);
                if (columns.length > 3 && columns[1].endsWith(local) && columns[3].equals("0A")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            return socket.getLocalPort();
        }
    }

    /** Stops listening; a program that runs ends with its near end. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            log.accept("the socket for tools: " + e.getMessage());
        }
    }
}
