package dev.sluice.rdma.conn;

import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Refusal;
import dev.sluice.internal.linux.Errno;
import dev.sluice.rdma.internal.ffm.CmConstants;
import dev.sluice.rdma.internal.ffm.FfmCmEvent;

import java.util.Optional;

/** What the connection manager's bad news mean, and what to do about them. */
final class CmErrors {
    /** The code of a refusal by a program, of the InfiniBand specification. */
    private static final int BY_CONSUMER = 28;
    /** The code when nobody listens. */
    private static final int NO_SUCH_SERVICE = 8;

    private CmErrors() {}

    /** Why a dial, or an accepted request, came to nothing. */
    static Failure failure(FfmCmEvent event, String peer) {
        return switch (event.type()) {
            case CmConstants.RDMA_CM_EVENT_ADDR_ERROR -> errno("the address cannot be resolved to an RDMA device",
                    event,
                    peer, "Check the address, and that a device of this host is in its network: rdma link, ip route");
            case CmConstants.RDMA_CM_EVENT_ROUTE_ERROR -> errno("there is no route", event, peer,
                    "Check ip route and the subnet manager, where there is one");
            case CmConstants.RDMA_CM_EVENT_UNREACHABLE -> errno("the peer does not answer", event, peer,
                    "Is it up? RoCE v2 is UDP port 4791 both ways; look at firewalls between");
            case CmConstants.RDMA_CM_EVENT_CONNECT_ERROR -> errno("the connection manager failed", event, peer, "");
            case CmConstants.RDMA_CM_EVENT_REJECTED -> refusal(event, peer);
            case CmConstants.RDMA_CM_EVENT_DISCONNECTED ->
                new Failure("the peer has gone before the connection was made", Errno.ECONNRESET, peer, "");
            case CmConstants.RDMA_CM_EVENT_DEVICE_REMOVAL ->
                new Failure("the RDMA device was removed", 0, peer, "Look into the kernel's log");
            default -> new Failure("the connection manager said " + event.name() + " out of turn, status "
                    + event.status(), event.status(), peer, "");
        };
    }

    private static Failure errno(String what, FfmCmEvent event, String peer, String remedy) {
        int status = event.status();
        return status < 0
                ? Failure.ofErrno(what, -status, peer, remedy)
                : new Failure(what + " (status " + status + ")", status, peer, remedy);
    }

    private static Failure refusal(FfmCmEvent event, String peer) {
        Optional<Refusal> ours = event.status() == BY_CONSUMER
                ? RefusalCodec.decode(event.privateData())
                : Optional.empty();
        if (ours.isPresent()) {
            String who = ours.get().byApplication()
                    ? "the application at the peer rejected the connection: "
                    : "the peer refused the connection: ";
            return new Failure(who + ours.get().reason(), ours.get().code(), peer, "");
        }
        return event.status() == NO_SUCH_SERVICE
                ? new Failure("nobody listens there", Errno.ECONNREFUSED, peer,
                        "Is a listener running there? Start one with ./sluice peer --listen URI")
                : new Failure("the peer refused the connection with status " + event.status(), event.status(), peer,
                        "Is it Sluice that listens there?");
    }
}
