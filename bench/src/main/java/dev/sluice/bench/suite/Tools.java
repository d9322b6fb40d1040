package dev.sluice.bench.suite;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.pair.Op;
import dev.sluice.bench.process.Pinning;
import dev.sluice.bench.reference.NettyPing;
import dev.sluice.bench.reference.NettyTool;
import dev.sluice.bench.reference.SpinReference;
import dev.sluice.bench.reference.Tool;
import dev.sluice.bench.reference.UcxPerftest;
import dev.sluice.bench.reference.UcxTest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The tools that are here, found out once; says one line about each that is not. */
final class Tools implements AutoCloseable {

    private static final String TCP = "tcp";

    private final boolean hasUcx;
    private final boolean hasC;
    private final NettyPing netty;
    private final Pinning pinning;

    /** Looks for all tools; they are pinned like ours. */
    Tools(Consumer<String> note, Pinning pinning) {
        this.pinning = pinning;
        hasUcx = isHere(UcxPerftest.unavailableBecause(), note);
        hasC = isHere(SpinReference.unavailableBecause(), note);
        netty = isHere(NettyPing.unavailableBecause(), note) ? NettyPing.start(pinning) : null;
    }

    private Tools() {
        pinning = Pinning.NONE;
        hasUcx = false;
        hasC = false;
        netty = null;
    }

    /** Where there is nothing to compare with. */
    static Tools none() {
        return new Tools();
    }

    private static boolean isHere(String unavailableBecause, Consumer<String> note) {
        if (!unavailableBecause.isEmpty()) {
            note.accept(unavailableBecause);
        }
        return unavailableBecause.isEmpty();
    }

    /** What spins, for a closed loop of ours. */
    List<Tool> spinning(String transport, Op op, long sizeBytes, long millis, Consumer<String> note) {
        List<Tool> tools = new ArrayList<>();
        for (UcxTest test : UcxTest.values()) {
            if (hasUcx && test.isFor(transport) && test.op() == op && !test.isBandwidth()) {
                tools.add(new UcxPerftest(transport, test, sizeBytes, millis, pinning));
            }
        }
        if (hasC && transport.equals(TCP) && op == Op.MESSAGE) {
            try {
                tools.add(new SpinReference(sizeBytes, millis, pinning));
            } catch (BenchException e) {
                note.accept(e.getMessage());
            }
        }
        return tools;
    }

    /** What sleeps, for a closed loop of ours. */
    List<Tool> sleeping(String transport, Op op, long sizeBytes, long millis) {
        return transport.equals(TCP) && op == Op.MESSAGE && netty != null
                ? List.of(new NettyTool(netty, Math.toIntExact(sizeBytes), millis))
                : List.of();
    }

    /** What moves bytes in one direction: for writes both tests of ucx_perftest, as the better one counts. */
    List<Tool> streaming(String transport, Op op, long sizeBytes, long millis) {
        List<Tool> tools = new ArrayList<>();
        for (UcxTest test : new UcxTest[]{UcxTest.TAG_BW, UcxTest.PUT_BW}) {
            boolean comparable = test.op() == op || (test == UcxTest.TAG_BW && op == Op.WRITE);
            if (hasUcx && comparable && test.isFor(transport)) {
                tools.add(new UcxPerftest(transport, test, sizeBytes, millis, pinning));
            }
        }
        return tools;
    }

    @Override
    public void close() {
        if (netty != null) {
            netty.close();
        }
    }
}
