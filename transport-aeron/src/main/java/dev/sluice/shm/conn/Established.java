package dev.sluice.shm.conn;

import dev.sluice.Connection;
import dev.sluice.SluiceException;
import dev.sluice.internal.control.ConnectionFactory.Reservation;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.shm.data.Agreement;
import dev.sluice.shm.data.Lifeline;
import dev.sluice.shm.data.Link;
import dev.sluice.shm.memory.ConnectionMemory;

import java.net.URI;
import java.time.Duration;

/**
 * A connection whose ends know each other, on its way to the data plane.
 *
 * @param peer the other end
 * @param agreement what both agreed on
 * @param memory mapped by both
 * @param doorbell this end's
 * @param peerDoorbell the peer's
 * @param lifeline the control thread's side
 */
record Established(URI peer, Agreement agreement, ConnectionMemory memory, int doorbell, int peerDoorbell,
        ShmLifeline lifeline) {

    /** Makes the connection, or undoes everything. */
    Connection connection(Reservation<Link> reservation, Duration operationTimeout) throws SluiceException {
        boolean made = false;
        try {
            Connection result = reservation.make(
                    new Link(peer, agreement, memory, doorbell, peerDoorbell, lifeline::bind, operationTimeout));
            made = true;
            return result;
        } finally {
            if (!made) {
                discard();
                reservation.release();
            }
        }
    }

    /** Nobody wants it any more. */
    void discard() {
        lifeline.close(Lifeline.Farewell.CLOSED, "the connection was given up before it was used");
        NativeContext ctx = new NativeContext();
        FileDescriptors.close(ctx, doorbell);
        FileDescriptors.close(ctx, peerDoorbell);
        memory.release();
    }
}
