package dev.sluice.driver;

import java.util.Arrays;
import java.util.function.Consumer;

/** The accepted operations of one connection by cookie. Polling thread only; grows to the most ever outstanding. */
final class Outstanding {

    private static final int INITIAL = 16;

    private Pending[] byCookie = new Pending[INITIAL];
    private int[] free = new int[INITIAL];
    private int freeCount;

    Outstanding() {
        freeFrom(0);
    }

    /** Keeps the operation and gives the cookie to post it with. */
    long add(Pending pending) {
        if (freeCount == 0) {
            int used = byCookie.length;
            byCookie = Arrays.copyOf(byCookie, 2 * used);
            free = Arrays.copyOf(free, 2 * used);
            freeFrom(used);
        }
        int cookie = free[--freeCount];
        byCookie[cookie] = pending;
        return cookie;
    }

    /** Forgets the operation and returns it. */
    Pending remove(long cookie) {
        int index = Math.toIntExact(cookie);
        Pending pending = byCookie[index];
        if (pending == null) {
            throw new IllegalStateException("a completion came for cookie " + cookie + ", which is not outstanding");
        }
        byCookie[index] = null;
        free[freeCount++] = index;
        return pending;
    }

    /** Forgets all. */
    void removeAll(Consumer<Pending> each) {
        for (int cookie = 0; cookie < byCookie.length; cookie++) {
            if (byCookie[cookie] != null) {
                each.accept(remove(cookie));
            }
        }
    }

    private void freeFrom(int first) {
        for (int cookie = byCookie.length - 1; cookie >= first; cookie--) {
            free[freeCount++] = cookie;
        }
    }
}
