package dev.sluice.rdma.data;

/** The control thread's side of a connection, as its data plane sees it. Any thread. */
public interface Lifeline {
    /** From now on silence of the peer counts. */
    void start();

    /** The connection has ended: no more heartbeats. */
    void end();
}
