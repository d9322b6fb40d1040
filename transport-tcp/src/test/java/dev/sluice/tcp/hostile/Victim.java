package dev.sluice.tcp.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Options;
import dev.sluice.tcp.ProcessFacts;
import dev.sluice.testkit.hostile.Besieged;
import dev.sluice.testkit.hostile.RawFrame;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** A TCP transport under attack, which leaves nothing behind. */
final class Victim extends Besieged {
    static {
        // The JDK keeps a descriptor of its own from its first socket on.
        try (Socket first = new Socket()) {
            first.bind(null);
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final List<RawPeer> attackers = new ArrayList<>();

    private final long descriptorsBefore;

    private final long mappingsBefore;

    Victim() throws Exception {
        this(ProcessFacts.descriptors(), ProcessFacts.ringMappings());
    }

    private Victim(long descriptors, long mappings) throws Exception {
        super(URI.create("tcp://127.0.0.1:0"), Options.none());
        descriptorsBefore = descriptors;
        mappingsBefore = mappings;
    }

    /** A connection with a raw peer at its other end, announced to the handler. */
    Attack attacked() throws Exception {
        return attacked(0);
    }

    Attack attacked(int receiveBufferBytes) throws Exception {
        return attacked(() -> RawPeer.connect(address(), receiveBufferBytes), (peer, connection) -> {
            attackers.add(peer);
            return new Attack(this, peer, connection);
        });
    }

    /** Also shows that nothing is left behind. */
    @Override
    public void close() throws IOException {
        for (RawPeer each : attackers) {
            each.close();
        }
        super.close();
        assertThat(ProcessFacts.descriptors()).as("descriptors left").isEqualTo(descriptorsBefore);
        assertThat(ProcessFacts.ringMappings()).as("mappings left").isEqualTo(mappingsBefore);
    }

    /** A connection under attack. */
    record Attack(Victim victim, RawPeer peer, Connection connection) {

        /** Polls until the connection ended, with this reason and a sentence that contains the words. */
        void requireEnd(DisconnectReason reason, String words) {
            victim.requireEnd(connection, reason, words);
        }

        DisconnectReason awaitEnd() {
            return victim.awaitEnd(connection);
        }

        /** The offender is told what it did. */
        RawPeer.Frame requireTold(String words) throws IOException {
            RawPeer.Frame last = peer.receive(RawFrame.TERMINATE);
            assertThat(last).as("last words").isNotNull();
            assertThat(last.text()).contains(words);
            assertThat(peer.receive()).as("nothing after the last words").isNull();
            return last;
        }
    }
}
