package dev.sluice.bench.cli;

import java.io.Console;

/** One line on the terminal that says what is being measured; nothing where there is no terminal. */
final class Progress implements AutoCloseable {

    private static final String CLEAR_LINE = "\r\033[K";

    private final boolean shown;

    @SuppressWarnings("SystemConsoleNull") // null again since JDK 25 where there is no terminal
    Progress() {
        Console console = System.console();
        shown = console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
    }

    void step(String what) {
        if (shown) {
            System.err.print(CLEAR_LINE + what);
            System.err.flush();
        }
    }

    /** Takes the line away. */
    @Override
    public void close() {
        step("");
    }
}
