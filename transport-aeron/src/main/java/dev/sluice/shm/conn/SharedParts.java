package dev.sluice.shm.conn;

import dev.sluice.SluiceException;
import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.EventFd;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.shm.memory.ConnectionMemory;

/**
 * What the accepting end makes of a connection before the peer takes part.
 *
 * @param memoryFd the memory's descriptor, until the peer has it
 * @param memory the accepting end's view
 * @param doorbell the accepting end's
 */
record SharedParts(int memoryFd, ConnectionMemory memory, int doorbell) {

    /** Makes them; any thread. */
    static SharedParts make(Terms mine, Terms theirs, String peer) throws SluiceException {
        NativeContext ctx = new NativeContext();
        int doorbell = EventFd.open(ctx);
        if (doorbell < 0) {
            throw Remedies.failure("no doorbell for a connection", -doorbell, peer).toException();
        }
        try {
            ConnectionMemory.Made made = ConnectionMemory.make(ctx, new int[]{mine.ringBytes(), theirs.ringBytes()},
                    new long[]{mine.position(), theirs.position()});
            return new SharedParts(made.fd(), made.memory(), doorbell);
        } catch (ErrnoException e) {
            FileDescriptors.close(ctx, doorbell);
            throw new SluiceException("no shared memory for a connection: " + e.getMessage(), e.errno(), peer,
                    Remedies.forErrno(e.errno()), e);
        }
    }

    void closeMemoryFd() {
        FileDescriptors.close(new NativeContext(), memoryFd);
    }

    /** The connection did not come about. */
    void discard() {
        closeMemoryFd();
        FileDescriptors.close(new NativeContext(), doorbell);
        memory.release();
        memory.release();
    }
}
