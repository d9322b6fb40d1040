/**
 * Memory that processes share: the connection's own, regions, grants and imports.
 *
 * <h2>Why an import cannot end in SIGBUS</h2>
 *
 * A fault on a mapped page ends in SIGBUS when the file has become shorter, or when there is no memory for the page. A
 * descriptor is therefore mapped only if the kernel says that it is sealed against shrinking, and all pages of memory made here
 * are allocated before its descriptor leaves the process.
 *
 * <h2>Taking a grant back</h2>
 *
 * The initiator copies with its own hands, so the owner has nothing to refuse. Both share three words: the grant's key (the
 * owner writes it, 0 is closed) and a note per thread that may access (the initiator writes it: which grant, where). The
 * initiator notes, then looks at the key; the owner clears the key, then looks at the note; with a fence in between on both
 * sides at least one of them sees the other. The owner asks the kernel to make the initiator's
 * ({@link dev.sluice.internal.linux.AsymmetricFence}), so that an access need not pay for a close that seldom comes. Either the initiator finds the key gone and touches nothing, or the owner finds
 * the note and waits for it to go, at most a quantum or a megabyte of a file later. After its copy the initiator looks at
 * the key again: what was done while the grant was being closed is reported as refused, never as done.
 *
 * <p>A process that is frozen in the middle of a copy (SIGSTOP, a stopped container) leaves its note standing, and would finish
 * the copy when it thaws, minutes after the owner has been told that the grant is closed. The kernel offers no way to take
 * a mapping from another process. Waiting for it would be unbounded, killing it is not ours to decide. So the owner gives
 * the pages up instead: the few that the note names are replaced in its own address space by private copies, made by the kernel
 * at once and without losing a store of the owner's own threads. The frozen peer keeps the old pages, which nobody
 * reads any more, and the kernel frees them with its last mapping; so memory is never reused under its hand, and a region
 * that it was writing to can be closed at once. See {@link dev.sluice.shm.memory.Grants} for the waiting, and
 * {@link dev.sluice.internal.linux.SharedMemory#makePrivate} for the pages.
 *
 * <p>Two limits follow. Pages that were given up cannot be granted again, since a new importer would map the old ones; a grant of
 * them is refused with that reason. And where a second connection's grant covers the same pages, they stay shared until that
 * grant is closed, for its peer is alive and may write there: until then the first peer, should it thaw, can still finish the
 * one copy that it was at.
 *
 * <h2>Trust</h2>
 *
 * All this excludes what a peer's application, its death or its stop can do. Bounds and rights are checked by the library in
 * the initiator's process, and whole pages are mapped: a process of the same user that means harm could also use a debugger,
 * and is outside of what a grant protects from.
 */
package dev.sluice.shm.memory;
