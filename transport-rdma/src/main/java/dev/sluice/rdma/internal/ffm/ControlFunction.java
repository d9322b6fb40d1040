package dev.sluice.rdma.internal.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Collections;

/**
 * One exported function of the control plane. Any thread may call it; each call allocates.
 *
 * <p>
 * Every argument is passed as a 64-bit register: both supported calling conventions (System V x86-64, AAPCS64) put an
 * {@code int} or a {@code uint8_t} into the low bits of the same register, and the caller extends it. The libraries report
 * failure in three ways, and the name of the method called says which one a function has; all three end as minus the
 * errno.
 */
final class ControlFunction {
    private static final MemoryLayout CAPTURE = Linker.Option.captureStateLayout();

    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final String name;

    private final MethodHandle handle;

    private ControlFunction(String name, MethodHandle handle) {
        this.name = name;
        this.handle = handle;
    }

    /** Links a function that returns a pointer or a {@code ssize_t}. */
    static ControlFunction returningLong(SymbolLookup library, String soname, String name, int arguments) {
        return link(library, soname, name, FunctionDescriptor.of(Symbols.LONG, longs(arguments)), arguments);
    }

    /** Links a function that returns an {@code int}. */
    static ControlFunction returningInt(SymbolLookup library, String soname, String name, int arguments) {
        return link(library, soname, name, FunctionDescriptor.of(Symbols.INT, longs(arguments)), arguments);
    }

    /** Links a function that returns nothing. */
    static ControlFunction returningNothing(SymbolLookup library, String soname, String name, int arguments) {
        return link(library, soname, name, FunctionDescriptor.ofVoid(longs(arguments)), arguments);
    }

    /** Links a function that has no symbol and returns a pointer. */
    static ControlFunction returningLongAt(MemorySegment function, String name, int arguments) {
        return at(function, name, FunctionDescriptor.of(Symbols.LONG, longs(arguments)), arguments);
    }

    /** Links a function that has no symbol and returns an {@code int}. */
    static ControlFunction returningIntAt(MemorySegment function, String name, int arguments) {
        return at(function, name, FunctionDescriptor.of(Symbols.INT, longs(arguments)), arguments);
    }

    private static MemoryLayout[] longs(int count) {
        return Collections.nCopies(count, Symbols.LONG).toArray(MemoryLayout[]::new);
    }

    private static ControlFunction link(SymbolLookup library, String soname, String name, FunctionDescriptor type,
            int arguments) {
        return at(Symbols.find(library, soname, name), name, type, arguments);
    }

    private static ControlFunction at(MemorySegment function, String name, FunctionDescriptor type, int arguments) {
        MethodHandle exact = Symbols.link(function, type, Linker.Option.captureCallState("errno"));
        return new ControlFunction(name, exact.asSpreader(long[].class, arguments));
    }

    /**
     * The function's name in C.
     *
     * @return such as {@code ibv_reg_mr}
     */
    String name() {
        return name;
    }

    /**
     * Calls a function that returns a pointer, and on failure NULL with errno.
     *
     * @param arguments its arguments
     * @return the address, or minus the errno
     */
    long pointer(long... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = arena.allocate(CAPTURE);
            long result = (long) handle.invokeExact(capture, arguments);
            return result == 0 ? -errno(capture) : result;
        } catch (Throwable thrown) {
            throw Symbols.rethrow(thrown);
        }
    }

    /**
     * Calls a function that returns a pointer to something that always exists.
     *
     * @param arguments its arguments
     * @return the address
     */
    long address(long... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            return (long) handle.invokeExact(arena.allocate(CAPTURE), arguments);
        } catch (Throwable thrown) {
            throw Symbols.rethrow(thrown);
        }
    }

    /**
     * Calls a function that returns a count, and on failure minus the errno: the convention of the newest verbs.
     *
     * @param arguments its arguments
     * @return the count, or minus the errno
     */
    long count(long... arguments) {
        return address(arguments);
    }

    /**
     * Calls a function that returns -1 with errno on failure: librdmacm, and the verbs that fetch events.
     *
     * @param arguments its arguments
     * @return not negative, or minus the errno
     */
    int orErrno(long... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = arena.allocate(CAPTURE);
            int result = (int) handle.invokeExact(capture, arguments);
            return result < 0 ? -errno(capture) : result;
        } catch (Throwable thrown) {
            throw Symbols.rethrow(thrown);
        }
    }

    /**
     * Calls a function that returns 0, or the errno itself: most verbs. A few old drivers return -1 with errno, which is
     * understood too.
     *
     * @param arguments its arguments
     * @return 0, or minus the errno
     */
    int orError(long... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = arena.allocate(CAPTURE);
            int result = (int) handle.invokeExact(capture, arguments);
            return result == -1 ? -errno(capture) : -Math.abs(result);
        } catch (Throwable thrown) {
            throw Symbols.rethrow(thrown);
        }
    }

    /**
     * Calls a function that cannot fail.
     *
     * @param arguments its arguments
     */
    void run(long... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            handle.invokeExact(arena.allocate(CAPTURE), arguments);
        } catch (Throwable thrown) {
            throw Symbols.rethrow(thrown);
        }
    }

    private static int errno(MemorySegment capture) {
        return (int) ERRNO.get(capture, 0L);
    }
}
