package dev.sluice.driver;

import dev.sluice.Grant;

import java.lang.foreign.MemorySegment;

/** A grant that any thread may close. */
final class HandedGrant implements Grant {

    private final Grant grant;
    private final Mailbox mailbox;

    HandedGrant(Grant grant, Mailbox mailbox) {
        this.grant = grant;
        this.mailbox = mailbox;
    }

    @Override
    public void encode(MemorySegment to, long offset) {
        grant.encode(to, offset);
    }

    @Override
    public void close() {
        HandedClose.run(mailbox, grant::close, "revoking a grant");
    }
}
