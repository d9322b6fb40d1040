package dev.sluice.rdma.internal.ffm;

import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import dev.sluice.internal.linux.SocketAddresses;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * One end of a connection or a listener, {@code struct rdma_cm_id}. The calls only begin something; its event says how it
 * ended. IPv4 and IPv6, with scopes. One thread at a time; a failed call says to whom.
 */
public final class FfmCmId extends RdmaCmId {
    /** The most private data of a refusal. */
    public static final int MAX_REJECT_BYTES = 148;

    private final long address;

    private final MemorySegment struct;

    private final FfmEventChannel channel;

    private String peer;

    FfmCmId(FfmEventChannel channel, long address, String peer) throws IOException {
        super(channel, null);
        this.channel = channel;
        this.address = address;
        this.peer = peer;
        struct = Symbols.view(address, CmLayouts.Id.BYTES);
        channel.add(address, this);
    }

    /**
     * The native object.
     *
     * @return the address of the {@code rdma_cm_id}
     */
    public long address() {
        return address;
    }

    /**
     * The device this id is bound to: known after ADDR_RESOLVED, from CONNECT_REQUEST on, or after a bind to an address
     * that is not the wildcard.
     *
     * @return the device, null while it is not known
     * @throws VerbsException if the device does not answer
     * @throws IOException never, but DiSNI's constructors declare it
     */
    @Override
    public FfmContext getVerbs() throws IOException {
        if (verbs == null) {
            long context = struct.get(Symbols.LONG, CmLayouts.Id.VERBS);
            verbs = context == 0 ? null : FfmCm.contextAt(context);
        }
        return (FfmContext) verbs;
    }

    /**
     * The port of the device.
     *
     * @return its number, from 1; 0 while it is not known
     */
    public int devicePort() {
        return struct.get(ValueLayout.JAVA_BYTE, CmLayouts.Id.PORT);
    }

    @Override
    public byte getPort_num() {
        return (byte) devicePort();
    }

    /** {@inheritDoc} Port 0 takes a free one, see {@link #getSource}. */
    @Override
    public void bindAddr(SocketAddress local) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            check(ConnectionManager.BIND_ADDR.orErrno(address, encode(local, arena)), ConnectionManager.BIND_ADDR,
                    "to " + local);
        }
    }

    @Override
    public void listen(int backlog) throws IOException {
        check(ConnectionManager.LISTEN.orErrno(address, backlog), ConnectionManager.LISTEN, "on " + getSource());
    }

    /**
     * Begins to find the device that leads to a peer, rdma_resolve_addr(3); ends in ADDR_RESOLVED or ADDR_ERROR.
     *
     * @param source the local address, null for any
     * @param destination the peer
     * @param timeoutMs how long the kernel tries
     * @throws VerbsException if it cannot begin
     */
    @Override
    public void resolveAddr(SocketAddress source, SocketAddress destination, int timeoutMs) throws IOException {
        peer = destination.toString();
        try (Arena arena = Arena.ofConfined()) {
            long from = source == null ? 0 : encode(source, arena);
            check(ConnectionManager.RESOLVE_ADDR.orErrno(address, from, encode(destination, arena), timeoutMs),
                    ConnectionManager.RESOLVE_ADDR, "");
        }
    }

    @Override
    public void resolveRoute(int timeoutMs) throws IOException {
        check(ConnectionManager.RESOLVE_ROUTE.orErrno(address, timeoutMs), ConnectionManager.RESOLVE_ROUTE, "");
    }

    @Override
    public void connect(RdmaConnParam parameters) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            check(ConnectionManager.CONNECT.orErrno(address, FfmConnParam.encode(parameters, arena).address()),
                    ConnectionManager.CONNECT, "");
        }
    }

    @Override
    public void accept(RdmaConnParam parameters) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            check(ConnectionManager.ACCEPT.orErrno(address, FfmConnParam.encode(parameters, arena).address()),
                    ConnectionManager.ACCEPT, "");
        }
    }

    /**
     * Refuses a request, rdma_reject(3); the id is then to be destroyed.
     *
     * @param reason what the peer reads as private data, at most {@link #MAX_REJECT_BYTES}
     * @throws VerbsException if the request is gone
     */
    public void reject(byte[] reason) throws VerbsException {
        if (reason.length > MAX_REJECT_BYTES) {
            throw new IllegalArgumentException(reason.length + " bytes of private data");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(Math.max(1, reason.length)).copyFrom(MemorySegment.ofArray(reason));
            check(ConnectionManager.REJECT.orErrno(address, data.address(), reason.length), ConnectionManager.REJECT,
                    "");
        }
    }

    /**
     * Ends the connection, rdma_disconnect(3): the queue pair goes to the error state, the peer is told.
     *
     * @return 0
     * @throws VerbsException if it was not connected (EINVAL)
     */
    @Override
    public int disconnect() throws IOException {
        return check(ConnectionManager.DISCONNECT.orErrno(address), ConnectionManager.DISCONNECT, "");
    }

    /**
     * Sets how long the device waits for an acknowledgement, before connect or accept.
     *
     * @param exponent 1 to 31: 4.096 us x 2^exponent; 14 is 67 ms
     * @throws VerbsException if the kernel is older than 5.3 or refuses
     */
    public void setAckTimeout(int exponent) throws VerbsException {
        option(CmConstants.RDMA_OPTION_ID_ACK_TIMEOUT, exponent, Byte.BYTES, "ACK_TIMEOUT");
    }

    /**
     * Lets an IPv6 listener take IPv6 only, before it is bound.
     *
     * @throws VerbsException if the kernel refuses
     */
    public void setOnlyOwnFamily() throws VerbsException {
        option(CmConstants.RDMA_OPTION_ID_AFONLY, 1, Integer.BYTES, "AFONLY");
    }

    /**
     * Lets a listener take an address that was in use a moment ago, before it is bound.
     *
     * @throws VerbsException if the kernel refuses
     */
    public void setReuseAddress() throws VerbsException {
        option(CmConstants.RDMA_OPTION_ID_REUSEADDR, 1, Integer.BYTES, "REUSEADDR");
    }

    /**
     * Makes the queue pair of this connection, rdma_create_qp(3). Its {@code cap} is left as the device granted it.
     *
     * @param domain of this id's device
     * @param attributes the queues and sizes
     * @return the queue pair
     * @throws VerbsException if a size is above the device's
     * @throws IOException never, but DiSNI's constructors declare it
     */
    @Override
    public FfmQp createQP(IbvPd domain, IbvQPInitAttr attributes) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment init = QpInitAttributes.encode(attributes, arena);
            FfmPd owner = (FfmPd) domain;
            check(ConnectionManager.CREATE_QP.orErrno(address, owner.address(), init.address()),
                    ConnectionManager.CREATE_QP, QpInitAttributes.describe(attributes));
            QpInitAttributes.decode(init, attributes);
            FfmQp made = new FfmQp(struct.get(Symbols.LONG, CmLayouts.Id.QP), owner, (FfmCq) attributes.getSend_cq(),
                    (FfmCq) attributes.getRecv_cq(), init);
            qpObj = made;
            return made;
        }
    }

    @Override
    public FfmQp getQp() {
        return (FfmQp) super.getQp();
    }

    /**
     * Destroys the queue pair, rdma_destroy_qp(3), if there is one. Flush and drain it first.
     *
     * @return 0
     */
    @Override
    public synchronized int destroyQP() {
        FfmQp destroyed = getQp();
        if (destroyed != null) {
            qpObj = null;
            destroyed.markDestroyed();
            ConnectionManager.DESTROY_QP.run(address);
        }
        return 0;
    }

    /**
     * Destroys the id, rdma_destroy_id(3). Idempotent. Its queue pair must be gone.
     *
     * @return 0
     * @throws VerbsException if the kernel refuses
     */
    @Override
    public synchronized int destroyId() throws IOException {
        if (isOpen) {
            isOpen = false;
            channel.remove(address);
            check(ConnectionManager.DESTROY_ID.orErrno(address), ConnectionManager.DESTROY_ID, "");
        }
        return 0;
    }

    @Override
    public int destroyEp() throws IOException {
        destroyQP();
        return destroyId();
    }

    /** {@inheritDoc} Of a listener on port 0: with the real port. */
    @Override
    public InetSocketAddress getSource() {
        return addressAt(CmLayouts.Id.SOURCE);
    }

    @Override
    public InetSocketAddress getDestination() {
        return addressAt(CmLayouts.Id.DESTINATION);
    }

    @Override
    public String toString() {
        return peer.isEmpty() ? "id " + Long.toHexString(address) : peer;
    }

    void checkLayout(int portSpace) {
        LayoutCheck.echo("rdma_cm_id.channel", channel.address(), struct.get(Symbols.LONG, CmLayouts.Id.CHANNEL));
        LayoutCheck.echo("rdma_cm_id.ps", portSpace, struct.get(Symbols.INT, CmLayouts.Id.PORT_SPACE));
    }

    /** Null while the library has not filled it in: its family is then 0. */
    private InetSocketAddress addressAt(long offset) {
        boolean known = struct.get(ValueLayout.JAVA_SHORT, offset) != 0;
        return known ? SocketAddresses.decode(struct.asSlice(offset, SocketAddresses.MAX_BYTES)) : null;
    }

    private void option(int option, int value, int bytes, String name) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            // Little-endian: the low byte is the first, so an int serves the one-byte options too.
            MemorySegment at = arena.allocateFrom(Symbols.INT, value);
            check(ConnectionManager.SET_OPTION.orErrno(address, CmConstants.RDMA_OPTION_ID, option, at.address(),
                    bytes), ConnectionManager.SET_OPTION, name + " = " + value);
        }
    }

    private int check(int result, ControlFunction function, String detail) throws VerbsException {
        return VerbsException.check(result, function, detail, peer);
    }

    private static long encode(SocketAddress from, Arena arena) {
        MemorySegment to = arena.allocate(SocketAddresses.MAX_BYTES, Long.BYTES);
        SocketAddresses.encode((InetSocketAddress) from, to);
        return to.address();
    }
}
