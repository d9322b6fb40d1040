package dev.sluice.driver;

import dev.sluice.RemoteRegion;
import dev.sluice.Right;

import java.util.Set;

/** A remote region that any thread may close. */
final class HandedRemote implements RemoteRegion {

    private final RemoteRegion remote;
    private final Mailbox mailbox;

    HandedRemote(RemoteRegion remote, Mailbox mailbox) {
        this.remote = remote;
        this.mailbox = mailbox;
    }

    /** What the transport itself made, which alone it takes. */
    static RemoteRegion unwrap(RemoteRegion remote) {
        return remote instanceof HandedRemote handed ? handed.remote : remote;
    }

    @Override
    public long lengthBytes() {
        return remote.lengthBytes();
    }

    @Override
    public Set<Right> rights() {
        return remote.rights();
    }

    @Override
    public void close() {
        HandedClose.run(mailbox, remote::close, "forgetting a remote region");
    }
}
