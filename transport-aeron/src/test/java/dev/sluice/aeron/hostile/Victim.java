package dev.sluice.aeron.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Options;
import dev.sluice.testkit.hostile.Besieged;
import dev.sluice.testkit.hostile.RawFrame;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** An Aeron transport under attack. */
final class Victim extends Besieged {
    private final List<RawPeer> attackers = new ArrayList<>();

    Victim() throws Exception {
        this(Options.none());
    }

    Victim(Options options) throws Exception {
        super(URI.create("aeron:///"), options);
    }

    /** A connection with a raw peer at its other end, announced to the handler. */
    Attack attacked() throws Exception {
        return attacked(() -> RawPeer.connect(address()), (peer, connection) -> {
            attackers.add(peer);
            return new Attack(this, peer, connection);
        });
    }

    /** A raw peer that has said nothing yet. */
    RawPeer stranger() throws Exception {
        RawPeer peer = RawPeer.at(address());
        attackers.add(peer);
        return peer;
    }

    @Override
    public void close() throws IOException {
        for (RawPeer each : attackers) {
            each.close();
        }
        super.close();
    }

    /** A connection under attack. */
    record Attack(Victim victim, RawPeer peer, Connection connection) {

        /** Polls until the connection ended, with this reason and a sentence that contains the words. */
        void requireEnd(DisconnectReason reason, String words) {
            victim.requireEnd(connection, reason, words);
        }

        /** The same, and the offender is told what it did. */
        void requireEndTold(DisconnectReason reason, String words) {
            requireEnd(reason, words);
            RawPeer.Frame last = peer.receive(RawFrame.TERMINATE);
            assertThat(last).as("last words").isNotNull();
            assertThat(last.text()).contains(words);
            assertThat(last.flags()).as("marks an access")
                    .isEqualTo(reason == DisconnectReason.ACCESS_VIOLATION_BY_PEER ? 1 : 0);
            victim.requireUntouched();
        }
    }
}
