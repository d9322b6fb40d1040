package dev.sluice.testkit.conformance;

import dev.sluice.Grant;
import dev.sluice.MemoryRegion;
import dev.sluice.RemoteRegion;
import dev.sluice.Right;
import dev.sluice.SluiceException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.HexFormat;
import java.util.Set;

/** Memory of the near role, granted to one connection and imported by its far end. */
public final class NearMemory {

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final MemoryRegion region;
    private final Grant grant;
    private final String imported;

    NearMemory(Rig rig, Link link, long bytes, Right... rights) throws SluiceException {
        region = rig.memory(bytes);
        grant = link.near().grant(region, 0, bytes, Set.of(rights));
        byte[] encoded = new byte[RemoteRegion.ENCODED_BYTES];
        grant.encode(MemorySegment.ofArray(encoded), 0);
        imported = link.call("import", "hex", HexFormat.of().formatHex(encoded)).text("m");
    }

    /**
     * The memory.
     *
     * @return it
     */
    public MemoryRegion region() {
        return region;
    }

    /**
     * The grant.
     *
     * @return it
     */
    public Grant grant() {
        return grant;
    }

    /**
     * The far end's import.
     *
     * @return its name in the session
     */
    public String imported() {
        return imported;
    }

    /**
     * Reads 8 bytes.
     *
     * @param offset where
     * @return the value
     */
    public long peek(long offset) {
        return (long) LONG.getAcquire(region.segment(), offset);
    }
}
