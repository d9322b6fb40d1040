package dev.sluice.spi.data;

import dev.sluice.CompletionHandler;
import dev.sluice.Diagnostics;
import dev.sluice.Grant;
import dev.sluice.Limits;
import dev.sluice.Right;
import dev.sluice.Transport;
import dev.sluice.spi.EncodedGrant;
import dev.sluice.spi.NativeRegion;
import dev.sluice.spi.memory.ImportedRegion;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A connection whose hooks write down that they were called, and answer what the test wants. */
final class FakeConnection extends CheckedConnection {
    static final Transport TRANSPORT = (Transport) Proxy.newProxyInstance(FakeConnection.class.getClassLoader(),
            new Class<?>[]{Transport.class},
            (self, method, arguments) -> switch (method.getName()) {
                case "scheme" -> "test";
                case "equals" -> self == arguments[0];
                case "hashCode" -> 1;
                default -> "a transport";
            });
    static final long PEER_ID = 5;

    final List<String> calls = new ArrayList<>();
    final OperationTable ops;
    long refusal;

    FakeConnection() {
        this(new OperationTable(4, 3));
    }

    private FakeConnection(OperationTable ops) {
        super(TRANSPORT, new IdleQueue(), URI.create("test://peer:1"),
                Limits.builder().maxClaimBytes(64).maxMessageBytes(100).maxGatherSegments(3)
                        .maxOutstandingOperations(4).maxOutstandingReads(4).quantumBytes(64).build(),
                ops);
        this.ops = ops;
    }

    private long called(String what) {
        calls.add(what);
        return refusal;
    }

    @Override
    protected long openClaim(int length) {
        return called("openClaim " + length);
    }

    @Override
    protected MemorySegment claimMemory() {
        return MemorySegment.NULL;
    }

    @Override
    protected long commitClaim(int length) {
        return called("commitClaim " + length);
    }

    @Override
    protected void abortClaim() {
        called("abortClaim");
    }

    @Override
    protected long postOffer(MemorySegment src, long offset, int length) {
        return called("offer " + length);
    }

    @Override
    protected long begin(byte kind, long length) {
        return called("begin " + kind + " " + length);
    }

    @Override
    protected long post(int slot) {
        return called("post " + slot);
    }

    @Override
    protected void leave() {
        called("leave");
    }

    @Override
    protected long postFlush() {
        return called("flush");
    }

    @Override
    protected long postShutdown() {
        return called("shutdown");
    }

    @Override
    protected Grant makeGrant(NativeRegion region, long offset, long length, Set<Right> rights) {
        called("grant");
        return null;
    }

    @Override
    protected ImportedRegion makeImport(EncodedGrant grant) {
        return new ImportedRegion(this, grant);
    }

    @Override
    protected long peerId() {
        return PEER_ID;
    }

    @Override
    public Diagnostics diagnostics() {
        throw new UnsupportedOperationException("nobody asks");
    }

    @Override
    public void close() {
        called("close");
    }

    private static final class IdleQueue extends CheckedQueue {

        IdleQueue() {
            super(4);
        }

        @Override
        protected int pollConnections(CompletionHandler handler, int limit) {
            return 0;
        }

        @Override
        protected boolean awaitEvents(long timeoutNs) {
            return false;
        }

        @Override
        protected void closeConnections() {}

        @Override
        protected void release() {}

        @Override
        protected void onClosed() {}

        @Override
        public void wakeup() {}
    }
}
