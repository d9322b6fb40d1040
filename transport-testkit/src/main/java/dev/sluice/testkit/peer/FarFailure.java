package dev.sluice.testkit.peer;

/** What the far role answered instead of OK. */
public final class FarFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The class of what was thrown there. */
    private final String type;

    FarFailure(String request, String answer) {
        super("the far role could not '" + request + "': " + answer);
        type = answer.substring(0, Math.max(0, answer.indexOf(':')));
    }

    /**
     * What was thrown there.
     *
     * @return the name of its class
     */
    public String type() {
        return type;
    }
}
