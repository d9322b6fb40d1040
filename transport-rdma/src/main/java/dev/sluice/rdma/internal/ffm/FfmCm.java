package dev.sluice.rdma.internal.ffm;

import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * DiSNI's connection manager on {@code librdmacm.so.1}. What it does is in the objects; this class only finds their calls.
 * Any thread.
 */
public final class FfmCm extends RdmaCm {
    /** One object for each device that the library opened; it never closes one. */
    private static final Map<Long, FfmContext> CONTEXTS = new ConcurrentHashMap<>();

    FfmCm() {}

    /**
     * The devices that connections can use, rdma_get_devices(3). They stay open.
     *
     * @return all of them, in the library's order
     * @throws VerbsException if there are none (ENODEV), or one does not answer
     * @throws IOException never, but DiSNI's constructors declare it
     */
    public List<FfmContext> devices() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(Symbols.INT);
            // Never given back: the library may close devices that no list and no id holds.
            long list = VerbsException.check(ConnectionManager.GET_DEVICES.pointer(count.address()),
                    ConnectionManager.GET_DEVICES, "", "");
            int devices = count.get(Symbols.INT, 0);
            MemorySegment entries = Symbols.view(list, devices * Symbols.LONG.byteSize());
            List<FfmContext> found = new ArrayList<>();
            for (int i = 0; i < devices; i++) {
                found.add(contextAt(entries.getAtIndex(Symbols.LONG, i)));
            }
            return List.copyOf(found);
        }
    }

    @Override
    public FfmEventChannel createEventChannel() throws IOException {
        return FfmEventChannel.open();
    }

    @Override
    public FfmCmId createId(RdmaEventChannel channel, short portSpace) throws IOException {
        return (FfmCmId) channel.createId(portSpace);
    }

    @Override
    public IbvQP createQP(RdmaCmId id, IbvPd domain, IbvQPInitAttr attributes) throws IOException {
        return id.createQP(domain, attributes);
    }

    @Override
    public void bindAddr(RdmaCmId id, SocketAddress local) throws IOException {
        id.bindAddr(local);
    }

    @Override
    public void listen(RdmaCmId id, int backlog) throws IOException {
        id.listen(backlog);
    }

    @Override
    public void resolveAddr(RdmaCmId id, SocketAddress source, SocketAddress destination, int timeoutMs)
            throws IOException {
        id.resolveAddr(source, destination, timeoutMs);
    }

    @Override
    public void resolveRoute(RdmaCmId id, int timeoutMs) throws IOException {
        id.resolveRoute(timeoutMs);
    }

    /**
     * Takes the next event, see {@link FfmEventChannel#nextEvent}.
     *
     * @param channel the channel
     * @param timeoutMs how long at most; a negative one, which waits for ever in DiSNI, is refused
     * @return the event, or null when the time has passed
     */
    @Override
    public RdmaCmEvent getCmEvent(RdmaEventChannel channel, int timeoutMs) throws IOException {
        return ((FfmEventChannel) channel).nextEvent(TimeUnit.MILLISECONDS.toNanos(timeoutMs)).orElse(null);
    }

    @Override
    public void connect(RdmaCmId id, RdmaConnParam parameters) throws IOException {
        id.connect(parameters);
    }

    @Override
    public void accept(RdmaCmId id, RdmaConnParam parameters) throws IOException {
        id.accept(parameters);
    }

    /** Does nothing: events are acknowledged when they are taken. */
    @Override
    public int ackCmEvent(RdmaCmEvent event) {
        return 0;
    }

    @Override
    public int disconnect(RdmaCmId id) throws IOException {
        return id.disconnect();
    }

    @Override
    public int destroyEventChannel(RdmaEventChannel channel) {
        ((FfmEventChannel) channel).destroy();
        return 0;
    }

    @Override
    public int destroyCmId(RdmaCmId id) throws IOException {
        return id.destroyId();
    }

    @Override
    public int destroyQP(RdmaCmId id) throws IOException {
        return id.destroyQP();
    }

    @Override
    public SocketAddress getSrcAddr(RdmaCmId id) throws IOException {
        return id.getSource();
    }

    @Override
    public SocketAddress getDstAddr(RdmaCmId id) throws IOException {
        return id.getDestination();
    }

    @Override
    public int destroyEp(RdmaCmId id) throws IOException {
        return id.destroyEp();
    }

    static FfmContext contextAt(long address) throws IOException {
        FfmContext known = CONTEXTS.get(address);
        if (known != null) {
            return known;
        }
        FfmContext made = new FfmContext(address, false);
        FfmContext first = CONTEXTS.putIfAbsent(address, made);
        return first == null ? made : first;
    }
}
