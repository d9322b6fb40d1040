package dev.sluice.rdma.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.MemoryRegion;
import dev.sluice.RemoteRegion;
import dev.sluice.Right;
import dev.sluice.StandardOptions;
import dev.sluice.Status;
import dev.sluice.spi.EncodedGrant;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.FarMemory;
import dev.sluice.testkit.conformance.Link;
import dev.sluice.testkit.conformance.Recorder;
import dev.sluice.testkit.conformance.Rig;
import dev.sluice.testkit.peer.Pattern;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * A peer writes with keys that are not its own. A key of soft-RoCE is an index and 8 random bits, so nearly every guess here is
 * of the index of a live one. Each costs the guesser its connection; nothing else happens.
 */
final class KeyGuessSystemTest {
    private static final int BYTES = 4096;
    private static final long SEED = 977;
    /** Hundreds of connections with the default's megabytes would only take longer. */
    private static final Settings SMALL = Settings.of(StandardOptions.MESSAGE_BUFFER_BYTES, "64k");

    private Rig rig;
    private Link victim;
    private Link bystander;
    private FarMemory target;
    private EncodedGrant secret;
    private MemoryRegion local;

    @BeforeEach
    void prepare() throws IOException {
        Kernel.needADevice();
        rig = new Rig(Subject.of("rdma:///", "rdma://" + System.getProperty("sluice.test.host", "0.0.0.0") + ":0"),
                Settings.none());
        victim = rig.link();
        bystander = rig.link();
        target = victim.farMemory(BYTES, Right.READ, Right.WRITE);
        target.fill(0, BYTES, SEED);
        secret = EncodedGrant.decode("rdma", MemorySegment.ofArray(target.encoded()), 0);
        local = rig.memory(BYTES);
        local.segment().fill((byte) 0x5a);
    }

    @AfterEach
    void close() throws IOException {
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void shouldChangeNothingWhateverTheLowByteOfALiveKeyOfAnotherConnection() throws IOException {
        guess(LongStream.range(0, 256).map(low -> (secret.key() & ~0xFFL) | low));
    }

    @Test
    void shouldChangeNothingWhenTheKeyIsOffByOneIndexOrRandom() throws IOException {
        guess(LongStream.of(secret.key() - 0x100, secret.key() + 0x100, secret.key() - 1, secret.key() + 1));
        guess(LongStream.range(0, Tuning.times(256, 64)).map(i -> Pattern.mix(SEED + i) & 0xFFFF_FFFFL)
                .filter(key -> key != secret.key()));
    }

    @Test
    void shouldChangeNothingWhenTheKeyIsStale() throws IOException {
        target.revoke();
        guess(LongStream.of(secret.key()));
        FarMemory successor = victim.farMemory(BYTES, Right.WRITE);
        successor.fill(0, BYTES, SEED);
        guess(LongStream.of(secret.key()));
        assertThat(successor.mismatches(0, BYTES, SEED)).isZero();
    }

    private void guess(LongStream keys) throws IOException {
        for (long key : keys.toArray()) {
            Link thief = rig.link(SMALL);
            RemoteRegion forged = thief.near().importRegion(forge(thief, key), 0);
            int cookie = (int) (key & 0xFFFF) + 1;
            rig.recorder().clear();
            thief.post("write", () -> thief.near().write(local, 0, forged, 0, BYTES, cookie, 0));
            assertThat(thief.completion(cookie).status()).isEqualTo(Status.REMOTE_ACCESS_ERROR);
            rig.pumpUntil("the end", () -> rig.recorder().count(Recorder.Kind.DISCONNECT, thief.near()) == 1);
        }
        assertThat(target.mismatches(0, BYTES, SEED)).isZero();
        victim.proveAlive();
        bystander.proveAlive();
    }

    /** A grant as the thief's own connection would have it, but for the key and the address. */
    private MemorySegment forge(Link thief, long key) throws IOException {
        FarMemory own = thief.farMemory(BYTES, Right.WRITE);
        MemorySegment encoded = MemorySegment.ofArray(own.encoded());
        long owner = EncodedGrant.decode("rdma", encoded, 0).connection();
        new EncodedGrant(owner, key, secret.address(), BYTES, 0, Set.of(Right.WRITE)).encode("rdma", encoded, 0);
        return encoded;
    }
}
