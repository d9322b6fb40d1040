package dev.sluice.rdma.internal.ffm;

import dev.sluice.SluiceException;
import dev.sluice.internal.linux.Errno;

import java.io.Serial;

/** A call of the control plane failed: which one, on what device or towards whom, the errno, and what helps. */
public final class VerbsException extends SluiceException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** The C function. */
    private final String function;

    private VerbsException(String function, String what, int errno, String subject, String remedy) {
        super(what, errno, subject, remedy);
        this.function = function;
    }

    /**
     * Describes a failed call.
     *
     * @param function the C function
     * @param detail what it was to do, such as {@code of 4096 bytes}; may be empty
     * @param errno the error number, positive
     * @param subject the device or the peer; may be empty
     * @return the exception
     */
    static VerbsException of(String function, String detail, int errno, String subject) {
        String what = function + (detail.isEmpty() ? "" : " " + detail) + " failed: " + Errno.describe(errno);
        return new VerbsException(function, what, errno, subject, Remedies.of(function, errno));
    }

    /**
     * Describes a wait that ended without what it waited for.
     *
     * @param function the C function that would have taken it
     * @param what the failure
     * @param subject the device or the peer
     * @param remedy what helps
     * @return the exception
     */
    static VerbsException plain(String function, String what, String subject, String remedy) {
        return new VerbsException(function, what, 0, subject, remedy);
    }

    /**
     * Throws unless a call succeeded.
     *
     * @param result what a {@link ControlFunction} returned
     * @param function that function
     * @param detail what it was to do
     * @param subject the device or the peer
     * @return the result, not negative
     * @throws VerbsException if it is minus an errno
     */
    static int check(int result, ControlFunction function, String detail, String subject) throws VerbsException {
        if (result < 0) {
            throw of(function.name(), detail, -result, subject);
        }
        return result;
    }

    /**
     * Throws unless a call returned an address.
     *
     * @param address what a {@link ControlFunction} returned
     * @param function that function
     * @param detail what it was to do
     * @param subject the device or the peer
     * @return the address
     * @throws VerbsException if it is minus an errno
     */
    static long check(long address, ControlFunction function, String detail, String subject) throws VerbsException {
        // Addresses above 2^63 do not exist in user space, and no errno is above 4095.
        if (address < 0 && address >= -4095) {
            throw of(function.name(), detail, (int) -address, subject);
        }
        return address;
    }

    /**
     * The function that failed.
     *
     * @return its name in C
     */
    public String function() {
        return function;
    }
}
