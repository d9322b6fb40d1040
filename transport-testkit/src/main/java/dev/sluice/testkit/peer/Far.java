package dev.sluice.testkit.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Drives one session of the far role. Every call has a deadline. For one thread.
 *
 * @see PeerMain
 */
public final class Far implements AutoCloseable {

    private static final Duration LIMIT = Tuning.seconds(60);

    private final Socket socket = new Socket();
    private final BufferedReader in;
    private final PrintWriter out;
    private String started = "";

    /**
     * Begins a session.
     *
     * @param address where {@link PeerMain} listens
     * @throws IOException when it cannot be reached
     */
    public Far(InetSocketAddress address) throws IOException {
        socket.connect(address, (int) LIMIT.toMillis());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) LIMIT.toMillis());
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        out = new PrintWriter(socket.getOutputStream(), false, StandardCharsets.UTF_8);
    }

    /**
     * Asks and waits for the answer.
     *
     * @param verb the command
     * @param keysAndValues its values
     * @return the reply
     * @throws FarFailure when the far role failed
     * @throws UncheckedIOException when it is gone or does not answer in time
     */
    public Fields call(String verb, Object... keysAndValues) {
        return call(verb, Fields.of(keysAndValues));
    }

    /**
     * Asks and waits for the answer.
     *
     * @param verb the command
     * @param values its values
     * @return the reply
     * @throws FarFailure when the far role failed
     * @throws UncheckedIOException when it is gone or does not answer in time
     */
    public Fields call(String verb, Fields values) {
        start(verb, values);
        return finish();
    }

    /**
     * Asks, without waiting; {@link #finish()} comes before the next question.
     *
     * @param verb the command
     * @param values its values
     * @throws IllegalStateException when an answer is still due
     */
    public void start(String verb, Fields values) {
        if (!started.isEmpty()) {
            throw new IllegalStateException("'" + started + "' is not answered yet");
        }
        started = (verb + " " + values.line()).strip();
        out.print(started + "\n");
        out.flush();
    }

    /**
     * Waits for the answer to what was started.
     *
     * @return the reply
     * @throws FarFailure when the far role failed
     * @throws UncheckedIOException when it is gone or does not answer in time
     */
    public Fields finish() {
        String request = started;
        started = "";
        try {
            String line = in.readLine();
            if (line == null) {
                throw new IOException("the far role is gone; it was asked to '" + request + "'");
            }
            if (line.startsWith("ERR ")) {
                throw new FarFailure(request, line.substring(4));
            }
            return Fields.parse(line.substring(2));
        } catch (IOException e) {
            throw new UncheckedIOException("no answer to '" + request + "' within " + LIMIT, e);
        }
    }

    /**
     * Settings as a request carries them.
     *
     * @param settings the options
     * @return values for {@link #call(String, Fields)}
     */
    public static Fields with(Settings settings) {
        return settings.fields();
    }

    /**
     * Hangs up without a word: for a far role that is dead.
     *
     * @throws IOException when the socket does not close
     */
    public void abandon() throws IOException {
        socket.close();
    }

    /** Ends the session: everything opened there is closed, also when the far role is gone already. */
    @Override
    public void close() throws IOException {
        try (socket) {
            if (started.isEmpty()) {
                out.print("bye\n");
                out.flush();
                in.readLine();
            }
        }
    }
}
