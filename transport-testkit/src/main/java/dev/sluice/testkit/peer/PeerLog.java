package dev.sluice.testkit.peer;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.Deque;

/** What the far role has to say to whoever looks into a failed test: the last lines, and standard error. */
final class PeerLog {

    private static final int LINES_KEPT = 200;
    private static final Deque<String> LINES = new ArrayDeque<>();

    private PeerLog() {}

    static void log(String what) {
        String line = System.currentTimeMillis() + " [" + Thread.currentThread().getName() + "] " + what;
        synchronized (LINES) {
            if (LINES.size() == LINES_KEPT) {
                LINES.removeFirst();
            }
            LINES.addLast(line);
        }
    }

    static void log(String what, Throwable e) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        log(what + ": " + trace);
    }

    static String text() {
        synchronized (LINES) {
            return String.join("\n", LINES);
        }
    }
}
