package dev.sluice;

import java.util.Objects;

/**
 * Whether a transport can be opened on this machine and, where not, why and what to do about it. A value; probed once per
 * process.
 */
public final class Availability {

    private final String scheme;
    private final boolean available;
    private final String cause;
    private final String remedy;

    private Availability(String scheme, boolean available, String cause, String remedy) {
        this.scheme = Objects.requireNonNull(scheme, "scheme");
        this.available = available;
        this.cause = Objects.requireNonNull(cause, "cause");
        this.remedy = Objects.requireNonNull(remedy, "remedy");
    }

    /**
     * A transport that can be opened.
     *
     * @param scheme its URI scheme
     * @return the value
     */
    public static Availability available(String scheme) {
        return new Availability(scheme, true, "", "");
    }

    /**
     * A transport that cannot.
     *
     * @param scheme its URI scheme
     * @param cause what is missing
     * @param remedy what the user can do
     * @return the value
     */
    public static Availability unavailable(String scheme, String cause, String remedy) {
        return new Availability(scheme, false, cause, remedy);
    }

    /**
     * Which transport.
     *
     * @return the URI scheme
     */
    public String scheme() {
        return scheme;
    }

    /**
     * Whether it can be opened.
     *
     * @return true when it can
     */
    public boolean isAvailable() {
        return available;
    }

    /**
     * Why not.
     *
     * @return a sentence, empty when available
     */
    public String cause() {
        return cause;
    }

    /**
     * What to do about it.
     *
     * @return a sentence, empty when available
     */
    public String remedy() {
        return remedy;
    }

    @Override
    public String toString() {
        return available ? scheme + ": available" : scheme + ": unavailable: " + cause + ". " + remedy;
    }
}
