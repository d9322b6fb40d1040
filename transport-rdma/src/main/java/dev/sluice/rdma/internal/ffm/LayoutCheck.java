package dev.sluice.rdma.internal.ffm;

/**
 * Compares what the library wrote into its objects with what it was given: a pointer or a number that the library must
 * echo at a known offset. If it is not there, this build of the library lays its structs out differently, and to go on
 * would corrupt memory.
 */
final class LayoutCheck {
    private LayoutCheck() {}

    /**
     * Fails unless the library echoed the value.
     *
     * @param field the C field, such as {@code ibv_mr.addr}
     * @param expected what was given to the library
     * @param found what stands at the offset
     * @throws LayoutMismatchError if they differ
     */
    static void echo(String field, long expected, long found) {
        if (expected != found) {
            throw new LayoutMismatchError(field, expected, found);
        }
    }

    /**
     * Fails unless the library granted at least what was asked.
     *
     * @param field the C field
     * @param asked the lower bound
     * @param found what stands at the offset
     * @throws LayoutMismatchError if it is less
     */
    static void atLeast(String field, long asked, long found) {
        if (found < asked) {
            throw new LayoutMismatchError(field, asked, found);
        }
    }
}
