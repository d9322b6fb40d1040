package dev.sluice.internal.linux;

/**
 * Whether this JVM can make the system calls of this package, and if not, why and what helps.
 */
public final class NativeAvailability {
    private static final NativeAvailability AVAILABLE = new NativeAvailability("", "");

    private final String cause;

    private final String remedy;

    private NativeAvailability(String cause, String remedy) {
        this.cause = cause;
        this.remedy = remedy;
    }

    static NativeAvailability available() {
        return AVAILABLE;
    }

    static NativeAvailability missing(String cause, String remedy) {
        return new NativeAvailability(cause, remedy);
    }

    /**
     * The answer.
     *
     * @return true when the calls work
     */
    public boolean isAvailable() {
        return cause.isEmpty();
    }

    /**
     * Why the calls do not work.
     *
     * @return one line, empty when they do
     */
    public String cause() {
        return cause;
    }

    /**
     * What the user can do about it.
     *
     * @return one line, empty when the calls work
     */
    public String remedy() {
        return remedy;
    }
}
