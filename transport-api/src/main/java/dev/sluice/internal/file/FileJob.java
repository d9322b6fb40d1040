package dev.sluice.internal.file;

import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.KernelCopy;
import dev.sluice.internal.linux.NativeContext;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A piece of work that may wait for a disk, done by a {@link FileWorker}. Made once and used again and again: set up by
 * {@link #warm} or {@link #write}, handed over by {@link FileWorker#submit}, looked at with {@link #isDone()}, made ready
 * again by {@link #reset()}. Nothing is allocated per use.
 *
 * <p>
 * One thread, the owner's, sets up, submits and resets; the worker finishes. What the owner wrote before submitting
 * happens before the work, and the work happens before {@link #isDone()} is seen to be true. While submitted, the job
 * keeps its file in use, and the memory of a write belongs to the worker.
 */
public final class FileJob {
    /** Between two parts the worker looks whether it was closed, so that closing waits for one part only. */
    private static final long PART_BYTES = 1L << 20;

    private static final int IDLE = 0;
    private static final int SUBMITTED = 1;
    private static final int DONE = 2;

    /** The address of a job that writes nothing. */
    private static final long NO_MEMORY = 0;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(FileJob.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Runnable onDone;

    /** The job that was submitted before this one; the worker's, while submitted. */
    FileJob next;

    private LocalFile file;
    private long position;
    private long length;
    private long address;
    private boolean reading;
    private Guard guard;
    private long result;
    @SuppressWarnings("unused") // by STATE
    private int state;

    /**
     * An idle job.
     *
     * @param onDone told after each use that the job is done, such as to wake a queue; must not throw. It runs on the worker's
     *        thread, or on the thread that closes or has closed the worker; the job may be in its next use by then
     */
    public FileJob(Runnable onDone) {
        this.onDone = onDone;
    }

    /**
     * Sets up: the range shall be in the page cache, so that sendfile(2) finds it there. What lies beyond the end of the file is
     * left out. The result is the number of bytes that exist, or minus the errno. No byte enters user space.
     *
     * @param source the file
     * @param filePosition first byte
     * @param lengthBytes bytes
     * @return this
     * @throws IllegalStateException when not idle
     * @throws IllegalArgumentException when a number is negative
     */
    public FileJob warm(LocalFile source, long filePosition, long lengthBytes) {
        return prepare(source, filePosition, NO_MEMORY, lengthBytes);
    }

    /**
     * Sets up: the memory shall be written to the file, all of it. The result is its length, or minus the errno of the write
     * that failed, before which any part may have been written.
     *
     * @param target the file
     * @param filePosition first byte in the file
     * @param memoryAddress first byte in native memory, which stays valid and unchanged until the job is done
     * @param lengthBytes bytes
     * @return this
     * @throws IllegalStateException when not idle
     * @throws IllegalArgumentException when a number is negative, or the address 0, or the file is open for reading only
     */
    public FileJob write(LocalFile target, long filePosition, long memoryAddress, long lengthBytes) {
        if (memoryAddress == NO_MEMORY) {
            throw new IllegalArgumentException("a write needs memory, the address is 0");
        }
        target.checkWritable();
        return prepare(target, filePosition, memoryAddress, lengthBytes);
    }

    /**
     * Sets up: the memory shall be filled from the file. The result is the number of bytes that exist, or minus the errno.
     *
     * @param source the file
     * @param filePosition first byte in the file
     * @param memoryAddress first byte in native memory, which stays valid until the job is done
     * @param lengthBytes bytes
     * @return this
     * @throws IllegalStateException when not idle
     * @throws IllegalArgumentException when a number is negative, or the address 0
     */
    public FileJob read(LocalFile source, long filePosition, long memoryAddress, long lengthBytes) {
        if (memoryAddress == NO_MEMORY) {
            throw new IllegalArgumentException("a read needs memory, the address is 0");
        }
        prepare(source, filePosition, memoryAddress, lengthBytes);
        reading = true;
        return this;
    }

    /**
     * Sets up, after {@link #read} or {@link #write}: memory that may be taken away is touched under a guard.
     *
     * @param newGuard asked before and after each part, on the worker's thread
     * @return this
     */
    public FileJob under(Guard newGuard) {
        guard = newGuard;
        return this;
    }

    /** Whether memory may still be touched. */
    public interface Guard {

        /**
         * A part begins.
         *
         * @param offset how much of the job is done
         * @param lengthBytes so much is touched
         * @return 0, or minus the errno that ends the job
         */
        long enter(long offset, long lengthBytes);

        /**
         * A part that {@link #enter} let begin has ended.
         *
         * @return 0, or minus the errno that ends the job
         */
        long leave();
    }

    /**
     * Whether it can be set up and submitted.
     *
     * @return true before the first use and after {@link #reset()}
     */
    public boolean isIdle() {
        return (int) STATE.getAcquire(this) == IDLE;
    }

    /**
     * Whether it is finished.
     *
     * @return true when {@link #result()} may be asked, until {@link #reset()}
     */
    public boolean isDone() {
        return (int) STATE.getAcquire(this) == DONE;
    }

    /**
     * How it ended.
     *
     * @return bytes, or minus the errno; {@code -ECANCELED} when the worker was closed first
     * @throws IllegalStateException when not done
     */
    public long result() {
        require(DONE);
        return result;
    }

    /**
     * Makes a finished job idle; does nothing to an idle one.
     *
     * @throws IllegalStateException while submitted
     */
    public void reset() {
        if (!isIdle()) {
            require(DONE);
            STATE.setRelease(this, IDLE);
        }
    }

    /**
     * Takes the file into use and becomes the worker's.
     *
     * @throws IllegalStateException when not idle, not set up, or the file is closed
     */
    void begin() {
        require(IDLE);
        if (file == null) {
            throw new IllegalStateException("this job was not set up: call warm or write first");
        }
        file.retain();
        STATE.setRelease(this, SUBMITTED);
    }

    /** Takes {@link #begin()} back, because the worker has no room. */
    void withdraw() {
        file.release();
        STATE.setRelease(this, IDLE);
    }

    /**
     * Does the work, without ending the job.
     *
     * @param worker asked between parts whether it is closed
     * @param ctx the calling thread's context
     * @param nullFd /dev/null, or minus the errno of opening it
     * @return bytes, or minus the errno
     */
    long work(FileWorker worker, NativeContext ctx, int nullFd) {
        long done = 0;
        while (done < length) {
            if (worker.isClosed()) {
                return -Errno.ECANCELED;
            }
            long part = Math.min(PART_BYTES, length - done);
            long moved = guard == null ? move(ctx, nullFd, done, part) : moveGuarded(ctx, done, part);
            if (moved == 0) {
                return done;
            }
            if (moved < 0 && moved != -Errno.EINTR) {
                return moved;
            }
            done += Math.max(moved, 0);
        }
        return done;
    }

    /** Ends the job: the file may be closed, the owner may use the job again, in that order. */
    void finish(long value) {
        file.release();
        file = null;
        result = value;
        STATE.setRelease(this, DONE);
        onDone.run();
    }

    private long move(NativeContext ctx, int nullFd, long done, long part) {
        if (address == NO_MEMORY) {
            return pull(ctx, nullFd, position + done, part);
        }
        return reading
                ? FileCalls.pread(ctx, file.fd(), address + done, part, position + done)
                : FileCalls.pwrite(ctx, file.fd(), address + done, part, position + done);
    }

    private long moveGuarded(NativeContext ctx, long done, long part) {
        long refused = guard.enter(done, part);
        if (refused < 0) {
            return refused;
        }
        long moved = move(ctx, -1, done, part);
        refused = guard.leave();
        return refused < 0 ? refused : moved;
    }

    /**
     * sendfile(2) to /dev/null waits until each page is read and passes references only. readahead(2) would just begin to
     * read, and mincore(2) answers "resident" for any file that the caller neither owns nor may write.
     */
    private long pull(NativeContext ctx, int nullFd, long from, long bytes) {
        return nullFd < 0 ? nullFd : KernelCopy.sendfile(ctx, nullFd, file.fd(), from, bytes);
    }

    private FileJob prepare(LocalFile newFile, long newPosition, long newAddress, long newLength) {
        require(IDLE);
        if (newPosition < 0 || newLength < 0) {
            throw new IllegalArgumentException("position " + newPosition + ", length " + newLength);
        }
        file = newFile;
        position = newPosition;
        address = newAddress;
        length = newLength;
        reading = false;
        guard = null;
        return this;
    }

    private void require(int wanted) {
        int now = (int) STATE.getAcquire(this);
        if (now != wanted) {
            throw new IllegalStateException("this job is " + name(now) + ", not " + name(wanted));
        }
    }

    private static String name(int state) {
        return state == IDLE ? "idle" : state == SUBMITTED ? "submitted" : "done";
    }
}
