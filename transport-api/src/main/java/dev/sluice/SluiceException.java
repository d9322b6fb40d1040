package dev.sluice;

import java.io.IOException;
import java.io.Serial;

/**
 * What the control plane throws: what happened, to whom, with the native code, and what to do about it.
 */
public class SluiceException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Stable code of the failure, for programs. */
    private final int nativeCode;
    /** The peer, device or path it happened to. */
    private final String peer;
    /** What the user can do. */
    private final String remedy;

    /**
     * A failure.
     *
     * @param what what happened, without peer, code and remedy, which are appended
     * @param nativeCode the errno or library code, or the code a peer gave to
     *        {@link ConnectionRequest#reject(int, String)}; 0 when there is none
     * @param peer the peer, device or path; empty when there is none
     * @param remedy what to do; empty when there is nothing to advise
     */
    public SluiceException(String what, int nativeCode, String peer, String remedy) {
        this(what, nativeCode, peer, remedy, null);
    }

    /**
     * A failure with a cause.
     *
     * @param what what happened
     * @param nativeCode the errno or library code, 0 when there is none
     * @param peer the peer, device or path, empty when there is none
     * @param remedy what to do, empty when there is nothing to advise
     * @param cause the exception underneath, may be null
     */
    public SluiceException(String what, int nativeCode, String peer, String remedy, Throwable cause) {
        super(message(what, nativeCode, peer, remedy), cause);
        this.nativeCode = nativeCode;
        this.peer = peer;
        this.remedy = remedy;
    }

    private static String message(String what, int nativeCode, String peer, String remedy) {
        StringBuilder b = new StringBuilder(what);
        if (!peer.isEmpty()) {
            b.append(" [").append(peer).append(']');
        }
        if (nativeCode != 0) {
            b.append(" (code ").append(nativeCode).append(')');
        }
        return remedy.isEmpty() ? b.toString() : b.append(". ").append(remedy).toString();
    }

    /**
     * The native code.
     *
     * @return errno, the library's code or the peer's reject code; 0 when there is none
     */
    public int nativeCode() {
        return nativeCode;
    }

    /**
     * To whom it happened.
     *
     * @return the peer, device or path; empty when there is none
     */
    public String peer() {
        return peer;
    }

    /**
     * What to do.
     *
     * @return a sentence; empty when there is nothing to advise
     */
    public String remedy() {
        return remedy;
    }
}
