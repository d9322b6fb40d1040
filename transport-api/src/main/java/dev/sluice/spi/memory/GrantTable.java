package dev.sluice.spi.memory;

import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.spi.NativeRegion;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;

/**
 * What one peer may touch, for a transport whose owner checks each access. A key is 44 random bits and an index of 20, so a look-up is one array access and a guess ends the
 * connection long before it hits. Used under the connection's gate;
 * {@link #find} allocates nothing.
 */
public final class GrantTable {
    private static final int INDEX_BITS = 20;
    private static final int MAX_GRANTS = 1 << INDEX_BITS;
    private static final SecureRandom RANDOM = new SecureRandom();

    private OwnerGrant[] grants = new OwnerGrant[8];
    private int count;

    /** Nothing granted yet. */
    public GrantTable() {}

    /**
     * Adds a grant.
     *
     * @param control how the grant is encoded and revoked
     * @param region the memory, in use from now on
     * @param offset first byte
     * @param length bytes
     * @param rights what is granted
     * @return the grant
     * @throws SluiceException when the table is full
     */
    public OwnerGrant add(OwnerGrant.Control control, NativeRegion region, long offset, long length, Set<Right> rights)
            throws SluiceException {
        int index = freeIndex();
        long key = (RANDOM.nextLong() << INDEX_BITS) | index;
        OwnerGrant grant = new OwnerGrant(control, key, region, offset, length, rights);
        grants[index] = grant;
        count++;
        return grant;
    }

    /**
     * Finds what a key stands for.
     *
     * @param key what the peer sent
     * @return the grant, or null when there is none
     */
    public OwnerGrant find(long key) {
        int index = index(key);
        OwnerGrant grant = index < grants.length ? grants[index] : null;
        return grant != null && grant.key() == key ? grant : null;
    }

    /**
     * Revokes one.
     *
     * @param grant which; nothing happens when it is not here any more
     * @return true when it was here
     */
    public boolean remove(OwnerGrant grant) {
        int index = index(grant.key());
        if (index >= grants.length || grants[index] != grant) {
            return false;
        }
        grants[index] = null;
        count--;
        grant.region().release();
        return true;
    }

    /** Revokes all. */
    public void clear() {
        for (OwnerGrant grant : grants) {
            if (grant != null) {
                remove(grant);
            }
        }
    }

    private static int index(long key) {
        return (int) key & (MAX_GRANTS - 1);
    }

    private int freeIndex() throws SluiceException {
        if (count == MAX_GRANTS) {
            throw new SluiceException("this connection has " + MAX_GRANTS + " grants, the most it can have", 0, "",
                    "Close grants that the peer does not need any more");
        }
        for (int i = 0; i < grants.length; i++) {
            if (grants[i] == null) {
                return i;
            }
        }
        int first = grants.length;
        grants = Arrays.copyOf(grants, first * 2);
        return first;
    }
}
