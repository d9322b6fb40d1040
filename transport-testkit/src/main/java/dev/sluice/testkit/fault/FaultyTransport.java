package dev.sluice.testkit.fault;

import dev.sluice.Capabilities;
import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.FileMode;
import dev.sluice.Limits;
import dev.sluice.Listener;
import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.SluiceFile;
import dev.sluice.Transport;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** A transport of which one control call goes wrong. What it makes is the inner transport's. Any thread. */
public final class FaultyTransport implements Transport {

    private final Transport inner;
    private final FaultPlan plan;

    /**
     * A wrapper.
     *
     * @param inner what does the work
     * @param plan what goes wrong
     */
    public FaultyTransport(Transport inner, FaultPlan plan) {
        this.inner = inner;
        this.plan = plan;
    }

    private void before(String call) throws SluiceException {
        switch (plan.strike()) {
            case FAIL -> throw new SluiceException("injected: " + call + ", " + plan, 0, inner.scheme(), "");
            case CLOSE -> plan.close(inner::close);
            case DELAY -> LockSupport.parkNanos(FaultPlan.delayNs());
            case null -> {
                return;
            }
        }
    }

    @Override
    public String scheme() {
        return inner.scheme();
    }

    @Override
    public Capabilities capabilities() {
        return inner.capabilities();
    }

    @Override
    public Limits limits() {
        return inner.limits();
    }

    @Override
    public MemoryRegion allocate(long bytes, Options options) throws SluiceException {
        before("allocate");
        return inner.allocate(bytes, options);
    }

    @Override
    public MemoryRegion register(MemorySegment nativeSegment, Options options) throws SluiceException {
        before("register");
        return inner.register(nativeSegment, options);
    }

    @Override
    public SluiceFile openFile(Path path, FileMode mode, Options options) throws SluiceException {
        before("openFile");
        return inner.openFile(path, mode, options);
    }

    @Override
    public CompletionQueue newQueue(Options options) throws SluiceException {
        before("newQueue");
        return inner.newQueue(options);
    }

    @Override
    public Listener listen(URI local, Options options) throws SluiceException {
        before("listen");
        return inner.listen(local, options);
    }

    @Override
    public Connection connect(URI peer, CompletionQueue queue, Options options) throws SluiceException {
        before("connect");
        return inner.connect(peer, queue, options);
    }

    @Override
    public void close() {
        inner.close();
    }
}
