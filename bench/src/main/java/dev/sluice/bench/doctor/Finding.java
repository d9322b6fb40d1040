package dev.sluice.bench.doctor;

/**
 * One line of an examination.
 *
 * @param verdict how it is
 * @param what was looked at
 * @param found what was there
 * @param remedy what to do; empty when nothing
 */
public record Finding(Verdict verdict, String what, String found, String remedy) {

    /** How something is. */
    public enum Verdict {
        /** As it should be. */
        OK("ok  "),
        /** Works, and could be better; or concerns only transports or sizes that need it. */
        NOTE("note"),
        /** Keeps Sluice from working. */
        BAD("BAD ");

        /** The width of every label. */
        public static final int LABEL_WIDTH = 4;

        private final String label;

        Verdict(String label) {
            this.label = label;
        }

        /**
         * The verdict in {@link #LABEL_WIDTH} characters.
         *
         * @return the label
         */
        public String label() {
            return label;
        }
    }

    static Finding ok(String what, String found) {
        return new Finding(Verdict.OK, what, found, "");
    }

    static Finding note(String what, String found, String remedy) {
        return new Finding(Verdict.NOTE, what, found, remedy);
    }

    static Finding bad(String what, String found, String remedy) {
        return new Finding(Verdict.BAD, what, found, remedy);
    }
}
