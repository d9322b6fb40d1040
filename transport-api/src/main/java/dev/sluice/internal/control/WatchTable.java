package dev.sluice.internal.control;

import java.util.Arrays;
import java.util.List;

/**
 * Who watches which descriptor: an array by descriptor number, and a generation that tells an event of a closed descriptor
 * from one of its successor with the same number. Control thread only.
 */
final class WatchTable {

    private Watched[] byFd = new Watched[64];
    private int count;
    private int generations;

    /** Adds, and returns the number to give to epoll. */
    long add(Watched watched) {
        if (watched.fd >= byFd.length) {
            byFd = Arrays.copyOf(byFd, Math.max(2 * byFd.length, Integer.highestOneBit(watched.fd) * 2));
        }
        if (byFd[watched.fd] != null) {
            throw new IllegalStateException("descriptor " + watched.fd + " is watched already");
        }
        watched.generation = ++generations & Integer.MAX_VALUE;
        byFd[watched.fd] = watched;
        count++;
        return data(watched);
    }

    /** Removes; false when it was not there. */
    boolean remove(Watched watched) {
        Watched present = watched.fd < byFd.length ? byFd[watched.fd] : null;
        if (present == null || present.generation != watched.generation) {
            return false;
        }
        byFd[watched.fd] = null;
        count--;
        return true;
    }

    /** The watch that an event is for, or null when it has ended. */
    Watched find(long data) {
        Watched watched = byFd[(int) data];
        return watched != null && watched.generation == (int) (data >>> Integer.SIZE) ? watched : null;
    }

    /** The oldest of one kind, or null. Looks at each. */
    <T extends Watched> T oldest(Class<T> kind) {
        Watched oldest = null;
        for (Watched w : byFd) {
            if (kind.isInstance(w) && (oldest == null || w.generation - oldest.generation < 0)) {
                oldest = w;
            }
        }
        return kind.cast(oldest);
    }

    /** All of one kind, copied. */
    <T extends Watched> List<T> all(Class<T> kind) {
        return Arrays.stream(byFd).filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Any one, or null when there is none. */
    Watched any() {
        return oldest(Watched.class);
    }

    int count() {
        return count;
    }

    /** Never -1, because the generation is not negative. */
    static long data(Watched watched) {
        return (long) watched.generation << Integer.SIZE | watched.fd;
    }
}
