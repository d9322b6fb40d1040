package dev.sluice.testkit.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * One near role's visit to the far role: reads request lines, runs them one after the other, answers each with one line, and
 * at the end closes everything that was opened. What a request makes gets a name ({@code t1}, {@code c2}), by which later
 * requests mean it.
 */
final class Session implements Runnable {

    /** Runs one request. */
    interface Command {

        /** Its reply. */
        Fields run(Fields request) throws Exception;
    }

    private final Map<String, Command> commands = new HashMap<>();
    private final Map<String, Object> named = new HashMap<>();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Socket socket;
    private int lastName;

    Session(Socket socket) {
        this.socket = socket;
        new ControlCommands(this);
        new MemoryCommands(this);
        new PostCommands(this);
        new FileCommands(this);
        on("facts", f -> ProcessFacts.read());
        on("log", f -> Fields.of("text", PeerLog.text()));
        on("exit", f -> {
            Runtime.getRuntime().halt((int) f.number("code", 0));
            return null;
        });
    }

    void on(String verb, Command command) {
        commands.put(verb, command);
    }

    /** Names an object, and closes it at the end of the session, last made first. */
    <T extends AutoCloseable> String name(String prefix, T object) {
        open.push(object);
        return alias(prefix, object);
    }

    /** Names an object that something else closes. */
    String alias(String prefix, Object object) {
        String name = prefix + ++lastName;
        named.put(name, object);
        return name;
    }

    <T> T get(Fields request, String key, Class<T> type) {
        Object object = named.get(request.text(key));
        if (!type.isInstance(object)) {
            throw new IllegalArgumentException("'" + request.text(key) + "' names no " + type.getSimpleName());
        }
        return type.cast(object);
    }

    /** Takes an object out of what the end of the session closes. */
    void forget(AutoCloseable object) {
        open.remove(object);
    }

    /** The same, and its name means nothing any more. */
    void forgetName(String name) {
        if (named.remove(name) instanceof AutoCloseable object) {
            forget(object);
        }
    }

    @Override
    public void run() {
        try (socket;
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                PrintWriter out = new PrintWriter(socket.getOutputStream(), false, StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.print(reply(line) + "\n");
                out.flush();
            }
        } catch (IOException e) {
            PeerLog.log("session ended", e);
        } finally {
            closeAll();
        }
    }

    private String reply(String line) {
        int space = line.indexOf(' ');
        String verb = space < 0 ? line : line.substring(0, space);
        try {
            if (verb.equals("bye")) {
                closeAll();
                return "OK";
            }
            Command command = commands.get(verb);
            if (command == null) {
                throw new IllegalArgumentException("no command '" + verb + "'");
            }
            return ("OK " + command.run(Fields.parse(line.substring(verb.length()))).line()).strip();
        } catch (Exception | AssertionError e) {
            PeerLog.log("failed: " + line, e);
            return "ERR " + e.getClass().getName() + ": " + String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
        }
    }

    private void closeAll() {
        // Connections first: what they use, such as granted memory, refuses to close before.
        open.stream().filter(FarEnd.class::isInstance).forEach(Session::close);
        open.forEach(Session::close);
        open.clear();
        named.clear();
    }

    private static void close(AutoCloseable object) {
        try {
            object.close();
        } catch (Exception e) {
            PeerLog.log("closing " + object, e);
        }
    }
}
