package dev.sluice.spi;

import dev.sluice.SluiceException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What an owner made and closes when it is closed itself: each thing is closed by the owner, or was never handed out. Any
 * thread; things are opened and closed outside the lock.
 *
 * @param <T> their type
 */
public final class OwnedSet<T> {

    private final String owner;
    private final Consumer<? super T> closer;
    private final Set<T> things = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean closed;

    /**
     * Nothing yet.
     *
     * @param owner the noun for messages, such as "transport"
     * @param closer closes one thing; idempotent
     */
    public OwnedSet(String owner, Consumer<? super T> closer) {
        this.owner = owner;
        this.closer = closer;
    }

    /**
     * Takes a thing that was just made.
     *
     * @param thing what
     * @param <S> its type
     * @return the thing
     * @throws SluiceException when the owner was closed meanwhile; the thing is closed then, too
     */
    public <S extends T> S keep(S thing) throws SluiceException {
        if (!add(thing)) {
            closer.accept(thing);
            throw new SluiceException("this " + owner + " is closed", 0, "", "");
        }
        return thing;
    }

    /**
     * Forgets a thing that was closed.
     *
     * @param thing what
     */
    public synchronized void forget(T thing) {
        things.remove(thing);
    }

    /**
     * Whether a thing is the owner's.
     *
     * @param thing what
     * @return false for one that was closed, or is of another owner
     */
    public synchronized boolean contains(T thing) {
        return things.contains(thing);
    }

    /** Closes what is left, once; nothing is taken any more. */
    public void close() {
        for (T thing : closeDoor()) {
            closer.accept(thing);
        }
    }

    private synchronized boolean add(T thing) {
        return !closed && things.add(thing);
    }

    private synchronized List<T> closeDoor() {
        List<T> left = closed ? List.of() : new ArrayList<>(things);
        closed = true;
        return left;
    }
}
