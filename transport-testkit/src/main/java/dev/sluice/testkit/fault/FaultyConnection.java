package dev.sluice.testkit.fault;

import dev.sluice.BufferClaim;
import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.Diagnostics;
import dev.sluice.GatherList;
import dev.sluice.Grant;
import dev.sluice.Limits;
import dev.sluice.MemoryRegion;
import dev.sluice.RemoteRegion;
import dev.sluice.Results;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.SluiceFile;
import dev.sluice.Transport;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * A connection of which one call goes wrong. Events name the inner connection, and claims are of it. Threads as for any
 * connection.
 */
public final class FaultyConnection implements Connection {

    private static final long GO_ON = 0;

    private final Connection inner;
    private final FaultPlan plan;

    /**
     * A wrapper.
     *
     * @param inner what does the work
     * @param plan what goes wrong
     */
    public FaultyConnection(Connection inner, FaultPlan plan) {
        this.inner = inner;
        this.plan = plan;
    }

    /** What comes before each posting call: {@link #GO_ON}, or its answer. */
    private long before() {
        return switch (plan.strike()) {
            case FAIL -> {
                inner.close();
                yield Results.CLOSED;
            }
            case CLOSE -> {
                plan.close(inner::close);
                yield GO_ON;
            }
            case DELAY -> {
                LockSupport.parkNanos(FaultPlan.delayNs());
                yield GO_ON;
            }
            case null -> GO_ON;
        };
    }

    private void beforeControl(String call) throws SluiceException {
        if (before() < 0) {
            throw new SluiceException("injected: " + call + ", " + plan, 0, inner.peer().toString(), "");
        }
    }

    @Override
    public long tryClaim(int length, BufferClaim claim) {
        long answer = before();
        return answer < 0 ? answer : inner.tryClaim(length, claim);
    }

    @Override
    public long offer(MemorySegment src, long offset, int length) {
        long answer = before();
        return answer < 0 ? answer : inner.offer(src, offset, length);
    }

    @Override
    public long send(MemoryRegion src, long offset, int length, long cookie, int flags) {
        long answer = before();
        return answer < 0 ? answer : inner.send(src, offset, length, cookie, flags);
    }

    @Override
    public long send(GatherList src, long cookie, int flags) {
        long answer = before();
        return answer < 0 ? answer : inner.send(src, cookie, flags);
    }

    @Override
    public long write(MemoryRegion src, long srcOffset, RemoteRegion dst, long dstOffset, long length, long cookie,
            int flags) {
        long answer = before();
        return answer < 0 ? answer : inner.write(src, srcOffset, dst, dstOffset, length, cookie, flags);
    }

    @Override
    public long write(GatherList src, RemoteRegion dst, long dstOffset, long cookie, int flags) {
        long answer = before();
        return answer < 0 ? answer : inner.write(src, dst, dstOffset, cookie, flags);
    }

    @Override
    public long writeWithImmediate(MemoryRegion src, long srcOffset, RemoteRegion dst, long dstOffset, long length,
            int immediate, long cookie, int flags) {
        long answer = before();
        return answer < 0
                ? answer
                : inner.writeWithImmediate(src, srcOffset, dst, dstOffset, length, immediate, cookie, flags);
    }

    @Override
    public long read(MemoryRegion dst, long dstOffset, RemoteRegion src, long srcOffset, long length, long cookie,
            int flags) {
        long answer = before();
        return answer < 0 ? answer : inner.read(dst, dstOffset, src, srcOffset, length, cookie, flags);
    }

    @Override
    public long fetchAndAdd(RemoteRegion target, long offset, long delta, long cookie, int flags) {
        long answer = before();
        return answer < 0 ? answer : inner.fetchAndAdd(target, offset, delta, cookie, flags);
    }

    @Override
    public long compareAndSwap(RemoteRegion target, long offset, long expected, long update, long cookie, int flags) {
        long answer = before();
        return answer < 0 ? answer : inner.compareAndSwap(target, offset, expected, update, cookie, flags);
    }

    @Override
    public long writeFromFile(SluiceFile file, long position, long length, RemoteRegion dst, long dstOffset,
            long cookie, int flags) {
        long answer = before();
        return answer < 0 ? answer : inner.writeFromFile(file, position, length, dst, dstOffset, cookie, flags);
    }

    @Override
    public long readToFile(RemoteRegion src, long srcOffset, long length, SluiceFile file, long position, long cookie,
            int flags) {
        long answer = before();
        return answer < 0 ? answer : inner.readToFile(src, srcOffset, length, file, position, cookie, flags);
    }

    @Override
    public long flush() {
        long answer = before();
        return answer < 0 ? answer : inner.flush();
    }

    @Override
    public long shutdownOutput() {
        long answer = before();
        return answer < 0 ? answer : inner.shutdownOutput();
    }

    @Override
    public Grant grant(MemoryRegion region, long offset, long length, Set<Right> rights) throws SluiceException {
        beforeControl("grant");
        return inner.grant(region, offset, length, rights);
    }

    @Override
    public RemoteRegion importRegion(MemorySegment encoded, long offset) throws SluiceException {
        beforeControl("importRegion");
        return inner.importRegion(encoded, offset);
    }

    @Override
    public BufferClaim newClaim() {
        return inner.newClaim();
    }

    @Override
    public long id() {
        return inner.id();
    }

    @Override
    public Transport transport() {
        return inner.transport();
    }

    @Override
    public CompletionQueue queue() {
        return inner.queue();
    }

    @Override
    public URI peer() {
        return inner.peer();
    }

    @Override
    public Limits limits() {
        return inner.limits();
    }

    @Override
    public Diagnostics diagnostics() {
        return inner.diagnostics();
    }

    @Override
    public Object attachment() {
        return inner.attachment();
    }

    @Override
    public void attach(Object attachment) {
        inner.attach(attachment);
    }

    @Override
    public void close() {
        inner.close();
    }
}
