package dev.sluice.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.function.Consumer;

/**
 * The only class that touches restricted methods of the foreign-function API: it links C library functions and turns
 * addresses into segments.
 *
 * <p>
 * Pointers travel as {@code long}: both supported calling conventions (System V x86-64, AAPCS64) pass them in the same
 * registers as integers, and a {@code long} costs no liveness check per call. {@code size_t}, {@code ssize_t} and
 * {@code off_t} are 64 bits wide on both.
 */
@SuppressWarnings("restricted")
final class Libc {
    /** C {@code int}. */
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    /** C {@code long}, {@code size_t}, {@code ssize_t}, {@code off_t}. */
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    /** Any C pointer, as its raw address. */
    static final ValueLayout.OfLong POINTER = ValueLayout.JAVA_LONG;

    private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");

    private Libc() {}

    /**
     * Links a function; the handle takes the errno capture segment of a {@link NativeContext} first.
     *
     * @param name
     *            the symbol
     * @param result
     *            the result's layout
     * @param arguments
     *            the arguments' layouts
     * @return the handle, to be kept in a {@code static final} field and called with {@code invokeExact}
     * @throws UnsatisfiedLinkError
     *             if this C library lacks the function
     */
    static MethodHandle link(String name, MemoryLayout result, MemoryLayout... arguments) {
        return downcall(name, FunctionDescriptor.of(result, arguments), CAPTURE_ERRNO);
    }

    /**
     * Links a function that is variadic in C, with a fixed list of arguments.
     *
     * @param name
     *            the symbol
     * @param fixed
     *            how many leading arguments the C prototype names
     * @param result
     *            the result's layout
     * @param arguments
     *            all the arguments' layouts
     * @return the handle, errno capture segment first
     * @throws UnsatisfiedLinkError
     *             if this C library lacks the function
     */
    static MethodHandle linkVariadic(String name, int fixed, MemoryLayout result, MemoryLayout... arguments) {
        return downcall(name, FunctionDescriptor.of(result, arguments), CAPTURE_ERRNO,
                Linker.Option.firstVariadicArg(fixed));
    }

    /**
     * Links a call of the kernel itself, syscall(2), without capture of errno. For what the C library has no function, or one that
     * does more: in a process with threads those that may block make two locked instructions, so that the thread could be
     * cancelled, which nobody does to a thread of a JVM.
     *
     * @param call
     *            which
     * @return the handle, which takes six {@code long} and returns one; what the call does not take is 0
     */
    static MethodHandle linkSystemCall(SystemCall call) {
        FunctionDescriptor descriptor = FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG);
        return MethodHandles.insertArguments(downcall("syscall", descriptor, Linker.Option.firstVariadicArg(1)), 0,
                call.number());
    }

    /**
     * Links a function without capture of errno: either nobody asks for it, so that any thread can call the function
     * without a {@link NativeContext}, or it is hot and {@link NativeContext#sawAgain} tells the one number that matters.
     * Such a call allocates nothing, whatever the compiler optimises.
     *
     * @param name
     *            the symbol
     * @param result
     *            the result's layout
     * @param arguments
     *            the arguments' layouts
     * @return the handle, without a capture segment
     * @throws UnsatisfiedLinkError
     *             if this C library lacks the function
     */
    static MethodHandle linkWithoutErrno(String name, MemoryLayout result, MemoryLayout... arguments) {
        return downcall(name, FunctionDescriptor.of(result, arguments));
    }

    /**
     * Links a function that never enters the kernel and is short, so that the call costs what it costs in C: the thread
     * stays where the collector waits for it.
     *
     * @param name
     *            the symbol
     * @param result
     *            the result's layout
     * @param arguments
     *            the arguments' layouts
     * @return the handle, without a capture segment
     * @throws UnsatisfiedLinkError
     *             if this C library lacks the function
     */
    static MethodHandle linkCritical(String name, MemoryLayout result, MemoryLayout... arguments) {
        return downcall(name, FunctionDescriptor.of(result, arguments), Linker.Option.critical(false));
    }

    /**
     * Views memory that native code owns.
     *
     * @param address
     *            the first byte
     * @param lengthBytes
     *            the length
     * @param arena
     *            the lifetime of the view
     * @param cleanup
     *            run once when the arena closes, after no thread can touch the view any more
     * @return the view
     */
    static MemorySegment view(long address, long lengthBytes, Arena arena, Consumer<MemorySegment> cleanup) {
        return MemorySegment.ofAddress(address).reinterpret(lengthBytes, arena, cleanup);
    }

    /**
     * Views memory that native code owns and whose lifetime the caller knows.
     *
     * @param address
     *            the first byte
     * @param lengthBytes
     *            the length
     * @return the view, for any thread
     */
    static MemorySegment view(long address, long lengthBytes) {
        return MemorySegment.ofAddress(address).reinterpret(lengthBytes);
    }

    /**
     * Reads a C string that stays valid during this call.
     *
     * @param address
     *            the address of its first byte, 0 for a null pointer
     * @return the text, empty for a null pointer
     */
    static String text(long address) {
        return address == 0 ? "" : MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0);
    }

    /**
     * What to throw for anything that left {@code invokeExact}: unchecked exceptions (a closed arena) and errors pass
     * unchanged, and a downcall can raise nothing else.
     *
     * @param thrown
     *            what was caught
     * @return only for a checked exception, which means a defect here; callers throw it
     */
    static AssertionError rethrow(Throwable thrown) {
        if (thrown instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        return new AssertionError("a downcall raised a checked exception", thrown);
    }

    private static MethodHandle downcall(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        MemorySegment symbol = linker.defaultLookup().find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no function " + name));
        return linker.downcallHandle(symbol, descriptor, options);
    }
}
