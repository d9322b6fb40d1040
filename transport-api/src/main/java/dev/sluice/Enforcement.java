package dev.sluice;

/** Who checks that a peer touches only what it was granted, and within which threat model. */
public enum Enforcement {
    /** The device of the owner checks each access (rdma). */
    DEVICE,
    /** The owner's transport code checks each access (tcp, aeron). */
    OWNER,
    /**
     * The initiator's own library checks (shm): memory is shared with the same user by whole pages; a hostile process of
     * the same user is outside the threat model.
     */
    INITIATOR
}
