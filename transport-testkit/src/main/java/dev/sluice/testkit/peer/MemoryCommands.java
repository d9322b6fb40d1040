package dev.sluice.testkit.peer;

import dev.sluice.Grant;
import dev.sluice.MemoryRegion;
import dev.sluice.RemoteRegion;
import dev.sluice.Right;
import dev.sluice.Transport;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * Memory of the far role.
 *
 * <pre>
 * allocate t bytes o.*             -> r
 * register t bytes o.*             -> r          native memory of a shared arena
 * fill r offset length seed                      with Pattern
 * zero r offset length
 * check r offset length seed start -> mismatches
 * checksum r offset length         -> sum
 * peek r offset                    -> value      acquire
 * poke r offset value                            release
 * add r offset delta times         -> last       with the CPU's own atomic adds
 * grant c r offset length rights   -> g hex
 * import c hex                     -> m length rights
 * </pre>
 */
final class MemoryCommands {

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final Session session;

    MemoryCommands(Session session) {
        this.session = session;
        session.on("allocate", this::allocate);
        session.on("register", this::register);
        session.on("fill", this::fill);
        session.on("zero", this::zero);
        session.on("check", this::check);
        session.on("checksum", f -> Fields.of("sum",
                Pattern.checksum(segment(f), f.number("offset"), f.number("length"))));
        session.on("peek", f -> Fields.of("value", (long) LONG.getAcquire(segment(f), f.number("offset"))));
        session.on("poke", this::poke);
        session.on("add", this::add);
        session.on("grant", this::grant);
        session.on("import", this::importRegion);
    }

    private MemorySegment segment(Fields f) {
        return session.get(f, "r", MemoryRegion.class).segment();
    }

    private Fields allocate(Fields f) throws Exception {
        Transport transport = session.get(f, "t", Transport.class);
        MemoryRegion region = transport.allocate(f.number("bytes"), Settings.read(f, transport.scheme()));
        return Fields.of("r", session.name("r", region));
    }

    private Fields register(Fields f) throws Exception {
        Transport transport = session.get(f, "t", Transport.class);
        Arena arena = Arena.ofShared();
        session.name("arena", arena);
        MemoryRegion region = transport.register(arena.allocate(f.number("bytes"), 4096),
                Settings.read(f, transport.scheme()));
        return Fields.of("r", session.name("r", region));
    }

    private Fields fill(Fields f) {
        Pattern.fill(segment(f), f.number("offset"), f.number("length"), f.number("seed"));
        return new Fields();
    }

    private Fields zero(Fields f) {
        segment(f).asSlice(f.number("offset"), f.number("length")).fill((byte) 0);
        return new Fields();
    }

    private Fields check(Fields f) {
        return Fields.of("mismatches", Pattern.mismatchesFrom(segment(f), f.number("offset"), f.number("start", 0),
                f.number("length"), f.number("seed")));
    }

    private Fields poke(Fields f) {
        LONG.setRelease(segment(f), f.number("offset"), f.number("value"));
        return new Fields();
    }

    private Fields add(Fields f) {
        MemorySegment memory = segment(f);
        long last = 0;
        for (long i = 0; i < f.number("times"); i++) {
            last = (long) LONG.getAndAdd(memory, f.number("offset"), f.number("delta"));
        }
        return Fields.of("last", last);
    }

    private Fields grant(Fields f) throws Exception {
        FarEnd end = session.get(f, "c", FarEnd.class);
        MemoryRegion region = session.get(f, "r", MemoryRegion.class);
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (String right : f.text("rights").split(",", -1)) {
            rights.add(Right.valueOf(right));
        }
        return end.call(() -> {
            Grant grant = end.connection().grant(region, f.number("offset"), f.number("length"), rights);
            byte[] encoded = new byte[RemoteRegion.ENCODED_BYTES];
            grant.encode(MemorySegment.ofArray(encoded), 0);
            return Fields.of("g", session.alias("g", grant), "hex", HexFormat.of().formatHex(encoded));
        });
    }

    private Fields importRegion(Fields f) throws Exception {
        FarEnd end = session.get(f, "c", FarEnd.class);
        byte[] encoded = HexFormat.of().parseHex(f.text("hex"));
        return end.call(() -> {
            RemoteRegion remote = end.connection().importRegion(MemorySegment.ofArray(encoded), 0);
            return Fields.of("m", session.alias("m", remote), "length", remote.lengthBytes(), "rights",
                    remote.rights());
        });
    }
}
