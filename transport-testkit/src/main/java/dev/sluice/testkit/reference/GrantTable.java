package dev.sluice.testkit.reference;

import dev.sluice.Right;
import dev.sluice.spi.EncodedGrant;
import dev.sluice.spi.NativeRegion;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What one end of a connection granted. The owner's thread changes it, the peer's threads look things up. */
final class GrantTable {

    private static final SecureRandom SECRETS = new SecureRandom();

    private final MemEnd owner;
    private final Steps steps;
    private final List<MemGrant> unreleased = new ArrayList<>();
    private volatile MemGrant[] open = {};

    GrantTable(MemEnd owner, Steps steps) {
        this.owner = owner;
        this.steps = steps;
    }

    MemGrant[] open() {
        return open;
    }

    boolean revokes() {
        return steps.revokes();
    }

    String scheme() {
        return owner.transport().scheme();
    }

    synchronized MemGrant add(NativeRegion region, long offset, long length, Set<Right> rights) {
        EncodedGrant encoded = new EncodedGrant(owner.id(), SECRETS.nextLong(), region.segment().address() + offset,
                length, SECRETS.nextLong(), rights);
        region.acquire();
        MemGrant grant = new MemGrant(this, region, offset, encoded, owner::signal);
        MemGrant[] more = Arrays.copyOf(open, open.length + 1);
        more[open.length] = grant;
        open = more;
        unreleased.add(grant);
        return grant;
    }

    synchronized void remove(MemGrant grant) {
        List<MemGrant> left = new ArrayList<>(List.of(open));
        if (left.remove(grant)) {
            open = left.toArray(MemGrant[]::new);
        }
    }

    /**
     * Checks an access, and goes through the grant's gate.
     *
     * @return the grant, whose gate the caller leaves; null when the access is refused
     */
    MemGrant enter(MemRemoteRegion presented, long at, long length, Right right) {
        MemGrant grant = steps.find(owner, presented);
        if (grant == null || !steps.permits(grant, presented, at, length, right) || !grant.isMemoryOpen()
                || !grant.gate().enter()) {
            return null;
        }
        return grant;
    }

    /** Revokes everything; does not wait. */
    void revokeAll() {
        for (MemGrant grant : open) {
            grant.revoke();
        }
    }

    /** Whether the peer can touch nothing any more. */
    synchronized boolean isDrained() {
        for (MemGrant grant : unreleased) {
            if (!grant.gate().isDrained()) {
                return false;
            }
        }
        return true;
    }

    /** Waits for the peer's accesses that are under way, each one bounded part of work. */
    void awaitDrained() {
        List<MemGrant> all;
        synchronized (this) {
            all = List.copyOf(unreleased);
        }
        all.forEach(grant -> grant.gate().awaitDrained());
    }

    synchronized void giveBackAll() {
        unreleased.forEach(MemGrant::giveBack);
    }
}
