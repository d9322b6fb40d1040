package dev.sluice.rdma.internal.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The only class that touches restricted methods of the foreign-function API: it finds the two libraries, links their
 * functions and turns addresses into segments. Pointers travel as {@code long}, as in the api's Linux calls.
 */
@SuppressWarnings("restricted")
final class Symbols {
    /** C {@code int} and {@code uint32_t}. */
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    /** C {@code size_t}, {@code uint64_t} and any pointer as its raw address. */
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private static final Linker LINKER = Linker.nativeLinker();

    private Symbols() {}

    /**
     * Loads a shared library for as long as the process lives.
     *
     * @param soname its name for the dynamic loader, such as {@code libibverbs.so.1}
     * @return its symbols
     * @throws IllegalArgumentException if there is no such library
     */
    static SymbolLookup library(String soname) {
        return SymbolLookup.libraryLookup(soname, Arena.global());
    }

    /**
     * Finds a function.
     *
     * @param library where
     * @param soname the library's name, for the message
     * @param name the symbol
     * @return its address
     * @throws UnsatisfiedLinkError if this release of the library has no such function
     */
    static MemorySegment find(SymbolLookup library, String soname, String name) {
        return library.find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError(soname + " has no function " + name));
    }

    /**
     * Links a function whose address is known.
     *
     * @param function its address
     * @param type its type
     * @param options of the linker
     * @return the handle
     */
    static MethodHandle link(MemorySegment function, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(function, type, options);
    }

    /**
     * Links any function of one type; the handle takes the function's address first.
     *
     * @param type the type
     * @param options of the linker
     * @return the handle, to be kept in a {@code static final} field and called with {@code invokeExact}
     */
    static MethodHandle linkByAddress(FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(type, options);
    }

    /**
     * Views memory that native code owns and whose lifetime the caller knows.
     *
     * @param address the first byte
     * @param lengthBytes the length
     * @return the view, for any thread
     */
    static MemorySegment view(long address, long lengthBytes) {
        return MemorySegment.ofAddress(address).reinterpret(lengthBytes);
    }

    /**
     * Reads a C string that stays valid during this call.
     *
     * @param address its first byte, 0 for a null pointer
     * @return the text, empty for a null pointer
     */
    static String text(long address) {
        return address == 0 ? "" : MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0);
    }

    /**
     * What to throw for anything that left {@code invokeExact}.
     *
     * @param thrown what was caught
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
}
