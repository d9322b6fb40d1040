package dev.sluice.bench.report;

import java.util.ArrayList;
import java.util.List;

/** A table of aligned columns in ASCII. */
final class TextTable {

    private static final String GAP = "  ";

    private final String[] head;
    private final boolean[] left;
    private final List<String[]> lines = new ArrayList<>();

    /**
     * A table.
     *
     * @param head the names of the columns; one that begins with {@code <} is aligned to the left
     */
    TextTable(String... head) {
        this.head = new String[head.length];
        left = new boolean[head.length];
        for (int i = 0; i < head.length; i++) {
            left[i] = head[i].startsWith("<");
            this.head[i] = left[i] ? head[i].substring(1) : head[i];
        }
    }

    void add(String... cells) {
        if (cells.length != head.length) {
            throw new IllegalArgumentException(cells.length + " cells for " + head.length + " columns");
        }
        lines.add(cells.clone());
    }

    /** An empty line. */
    void space() {
        lines.add(new String[0]);
    }

    @Override
    public String toString() {
        int[] widths = new int[head.length];
        widen(widths, head);
        lines.forEach(l -> widen(widths, l));
        StringBuilder b = new StringBuilder();
        append(b, head, widths);
        String[] rule = new String[head.length];
        for (int i = 0; i < rule.length; i++) {
            rule[i] = "-".repeat(widths[i]);
        }
        append(b, rule, widths);
        lines.forEach(l -> append(b, l, widths));
        return b.toString();
    }

    private static void widen(int[] widths, String[] cells) {
        for (int i = 0; i < cells.length; i++) {
            widths[i] = Math.max(widths[i], cells[i].length());
        }
    }

    private void append(StringBuilder b, String[] cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            String pad = " ".repeat(widths[i] - cells[i].length());
            line.append(i == 0 ? "" : GAP).append(left[i] ? cells[i] + pad : pad + cells[i]);
        }
        b.append(line.toString().stripTrailing()).append('\n');
    }
}
