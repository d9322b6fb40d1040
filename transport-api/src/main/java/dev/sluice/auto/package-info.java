/**
 * One address for whichever transport is best between two processes: {@code auto://host:port}.
 *
 * <p>An {@link dev.sluice.auto.AutoListener} listens with every transport that is available at its end, and answers at a TCP
 * port, the rendezvous, where they are. {@link dev.sluice.Sluice#open} of the address asks there, takes the transports that
 * are available at its end too, the best first ({@link dev.sluice.auto.AutoOptions#TRANSPORTS}: shared memory, RDMA, TCP),
 * and dials: the first that really reaches the peer is the one, and a transport of that kind is what is returned. It connects
 * to the same address. A connection never changes its transport, and an address of one transport, such as
 * {@code rdma://host:port}, is never served by another one.
 *
 * <p>Each dial carries a token that the rendezvous gave for it and that is good for one use; the listener shows no request
 * without. So a dial that succeeds has reached the peer that was asked, and not a process of the same name on another host.
 * The rendezvous is neither encrypted nor authenticated, as the transports are not: it is for networks that are trusted.
 */
package dev.sluice.auto;
