package dev.sluice.testkit.conformance;

import dev.sluice.RemoteRegion;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.testkit.peer.Fields;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** Memory of the far role, granted to one connection and imported by its near end. */
public final class FarMemory {

    private final Rig rig;
    private final String region;
    private final String grant;
    private final byte[] encoded;
    private final RemoteRegion remote;

    FarMemory(Rig rig, Link link, long bytes, Right... rights) throws SluiceException {
        this(rig, link, rig.far().call("allocate", "t", rig.farTransport(), "bytes", bytes).text("r"), 0, bytes,
                rights);
    }

    /** Of a region that exists; offsets of the methods here count from its beginning, those of the import do not. */
    FarMemory(Rig rig, Link link, String region, long offset, long length, Right... rights) throws SluiceException {
        this.rig = rig;
        this.region = region;
        Fields made = link.call("grant", "r", region, "offset", offset, "length", length, "rights",
                Arrays.stream(rights).map(Right::name).collect(Collectors.joining(",")));
        grant = made.text("g");
        encoded = HexFormat.of().parseHex(made.text("hex"));
        remote = link.near().importRegion(MemorySegment.ofArray(encoded), 0);
    }

    /**
     * The near end's view.
     *
     * @return the import
     */
    public RemoteRegion remote() {
        return remote;
    }

    /**
     * The encoded grant.
     *
     * @return a copy of its bytes
     */
    public byte[] encoded() {
        return encoded.clone();
    }

    /**
     * The region there.
     *
     * @return its name in the session
     */
    public String region() {
        return region;
    }

    /**
     * The grant there.
     *
     * @return its name in the session
     */
    public String grant() {
        return grant;
    }

    /**
     * Fills a part with a pattern.
     *
     * @param offset first byte
     * @param length bytes
     * @param seed which pattern
     */
    public void fill(long offset, long length, long seed) {
        rig.far().call("fill", "r", region, "offset", offset, "length", length, "seed", seed);
    }

    /**
     * Compares a part with a pattern.
     *
     * @param offset first byte
     * @param length bytes
     * @param seed which pattern
     * @return how many bytes differ
     */
    public long mismatches(long offset, long length, long seed) {
        return rig.far().call("check", "r", region, "offset", offset, "length", length, "seed", seed)
                .number("mismatches");
    }

    /**
     * Compares a part with a part of a pattern.
     *
     * @param offset first byte
     * @param start where the part begins in the pattern
     * @param length bytes
     * @param seed which pattern
     * @return how many bytes differ
     */
    public long mismatchesFrom(long offset, long start, long length, long seed) {
        return rig.far().call("check", "r", region, "offset", offset, "start", start, "length", length, "seed", seed)
                .number("mismatches");
    }

    /**
     * Sums up a part.
     *
     * @param offset first byte
     * @param length bytes
     * @return a number that changes with any byte
     */
    public long checksum(long offset, long length) {
        return rig.far().call("checksum", "r", region, "offset", offset, "length", length).number("sum");
    }

    /**
     * Reads 8 bytes.
     *
     * @param offset where
     * @return the value
     */
    public long peek(long offset) {
        return rig.far().call("peek", "r", region, "offset", offset).number("value");
    }

    /**
     * Writes 8 bytes.
     *
     * @param offset where
     * @param value the value
     */
    public void poke(long offset, long value) {
        rig.far().call("poke", "r", region, "offset", offset, "value", value);
    }

    /** Revokes the grant. */
    public void revoke() {
        rig.far().call("close", "what", grant, "thread", rig.farQueue());
    }
}
