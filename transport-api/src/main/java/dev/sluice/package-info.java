/**
 * Zero-copy transports for the JVM: one API over TCP with the kernel's zero-copy calls, RDMA, shared memory and Aeron.
 *
 * <h2>The nouns</h2>
 *
 * {@link dev.sluice.Sluice#open} opens a {@link dev.sluice.Transport}. It makes {@link dev.sluice.MemoryRegion}s,
 * {@link dev.sluice.SluiceFile}s and {@link dev.sluice.CompletionQueue}s, listens and connects. A
 * {@link dev.sluice.Connection} carries messages, one-sided operations on memory that the peer granted
 * ({@link dev.sluice.Grant}, {@link dev.sluice.RemoteRegion}), and file operations. Everything arrives at
 * {@link dev.sluice.CompletionQueue#poll}. Three levels, each on the one below: the data plane of this package, which never
 * blocks and never allocates; futures; and blocking calls (both in {@code dev.sluice.driver}).
 *
 * <h2>The contract</h2>
 *
 * Every transport keeps it; the conformance suite has tests for each number.
 * <ol>
 * <li><b>Messages.</b> {@link dev.sluice.Connection#tryClaim} copies no payload in user space on either side up to
 * {@link dev.sluice.Limits#maxClaimBytes()}; {@link dev.sluice.Connection#offer} copies once and the source is free on
 * return; {@code send} copies nothing and lends the source until its completion. At least 1 MiB fits a message with default
 * options; above {@code maxClaimBytes} a receiver may copy once; above {@link dev.sluice.Limits#maxMessageBytes()} the result
 * is {@link dev.sluice.Results#TOO_LARGE}. One claim is open per connection, zero length is legal, order is commit order,
 * boundaries are kept, nothing is lost or delivered twice while the connection lives.
 * {@link dev.sluice.Capabilities#copies} publishes exceptions, {@link dev.sluice.Diagnostics#copiedBytes()} counts.</li>
 * <li><b>Delivery.</b> A message is a range of a long-lived read-only segment, its offset a multiple of 8, valid during the
 * call. With {@code -Dsluice.checked=true} the handler gets a copy of each message that dies with the call, so that a late
 * access throws. {@link dev.sluice.Action#ABORT} brings the same message or immediate again at the next poll, and nothing
 * behind it before; what the peer's handler or this side posted otherwise (completions, one-sided operations) is not held
 * up by it. Handlers may post and close, not poll; no posting call runs a handler; what a handler throws leaves {@code poll}
 * after the message or immediate is released exactly once.</li>
 * <li><b>Results.</b> Posting calls return {@code long}; see {@link dev.sluice.Results} for the named negatives and what to
 * do. The caller's own mistakes throw unchecked before anything is posted, and the connection lives.</li>
 * <li><b>One-sided operations.</b> Any length is accepted once; the rest proceeds in later polls. No post or poll copies more
 * than {@link dev.sluice.Limits#quantumBytes()} of a connection at a time. Completions come only from {@code poll}.</li>
 * <li><b>Completions.</b> {@link dev.sluice.Status#OK} of a write, read or atomic means that the remote placement is done.
 * Every accepted operation completes exactly once, when the transport can no longer touch the local memory, whatever the
 * status. With {@link dev.sluice.Connection#NO_COMPLETION} only a failure is reported, and any later completion of that
 * connection releases its memory. Completion space is reserved at acceptance: a queue cannot overflow.
 * {@link dev.sluice.CompletionHandler#onWritable} follows BACK_PRESSURED when the connection accepts again, and
 * {@code await} returns for it.</li>
 * <li><b>Ordering.</b> Messages, immediates and writes apply in posting order; a later message is delivered after an earlier
 * write's bytes are visible. A read or atomic sees earlier writes; later operations wait for it only with
 * {@link dev.sluice.Connection#FENCE}. File operations may be overtaken and may complete out of order, in parts of at most
 * 1 MiB: small operations never wait behind a file.</li>
 * <li><b>Immediates.</b> An {@code int}, all the user's, the same on both sides, in order with messages, after all bytes;
 * length 0 is a pure signal. Its handler may {@link dev.sluice.Action#ABORT} it, as a message.</li>
 * <li><b>Atomics.</b> 8 bytes, 8-aligned, in native order, atomic against other atomics that arrive by the same Transport;
 * the old value is the result. {@link dev.sluice.Capabilities#atomicsCoherentWithCpu()} says whether the owner's own atomic
 * instructions count too.</li>
 * <li><b>Access control.</b> For altered grant bytes, a foreign, stale or revoked key, or an access beyond a grant, no byte
 * changes, and that connection ends: never the process, never another connection; within the stated
 * {@link dev.sluice.Enforcement}.</li>
 * <li><b>Flow control.</b> Credits are built in: a slow receiver shows as BACK_PRESSURED, never as an error, a loss or
 * growing memory. Both sides flooding without polling, then polling, makes progress. Reads and atomics towards one target are
 * bounded by a window of the handshake. Defaults stay under 4 MiB locked or shared per connection end.</li>
 * <li><b>Liveness</b> is of the peer's process, never of its poller. A killed, frozen or unplugged peer is reported within
 * {@link dev.sluice.StandardOptions#DETECTION_TIME}; a peer that lives but polls nothing for an hour is alive. After a pause
 * of this process, what arrived meanwhile counts before the peer is judged.</li>
 * <li><b>Deadlines.</b> connect, accept, close and await end in bounded time. An operation pends while the peer lives, up to
 * {@link dev.sluice.StandardOptions#OPERATION_TIMEOUT}; when that passes the connection ends:
 * {@link dev.sluice.Status#TIMED_OUT} to that operation, {@link dev.sluice.Status#FLUSHED} to the rest.</li>
 * <li><b>Connecting.</b> {@code connect} and {@link dev.sluice.Listener#accept} block, bounded, on any thread. The request
 * shows the peer's address and up to 32 bytes of metadata; the backlog is bounded. A connection belongs to its queue:
 * {@code onConnect} first, and only the poller uses it from then on; before it, posting answers NOT_CONNECTED. One thread can
 * run both ends.</li>
 * <li><b>Ending.</b> {@link dev.sluice.Connection#shutdownOutput()}: everything accepted is delivered, then the peer gets
 * {@code onEnd}. {@link dev.sluice.Connection#close()} is abortive, idempotent, bounded, legal from any thread and inside a
 * callback; it returns once local memory is quiescent, and that releases regions; FLUSHED and then {@code onDisconnect},
 * once, last, come from later polls; then nothing but the caller's own reference keeps the connection in memory. A region in
 * use refuses to close. {@link dev.sluice.Transport#close()} cascades.</li>
 * <li><b>Files.</b> {@code writeFromFile} and {@code readToFile} are one-sided operations whose local end is a file. Content
 * is exact: odd offsets, holes, above 2 GiB. Cold-file I/O never runs on the poller. A file that shrinks ends the operation
 * as {@link dev.sluice.Status#FILE_TRUNCATED}; the connection lives.</li>
 * <li><b>Threads.</b> A queue and its connections belong to one thread; what may be called from elsewhere says so. Violations
 * are detected with assertions on.</li>
 * <li><b>Progress.</b> {@link dev.sluice.Capabilities#targetMustPoll()} says whether the target of one-sided operations runs
 * code: then its queue must be polled, by the application or by
 * {@linkplain dev.sluice.StandardOptions#PROGRESS_THREAD the transport's thread}.</li>
 * <li><b>Batching.</b> {@link dev.sluice.Connection#MORE} delays the doorbell or system call until an operation without it,
 * {@code flush}, the next poll, or BACK_PRESSURED. Gathering goes up to {@link dev.sluice.Limits#maxGatherSegments()}.</li>
 * <li><b>Allocation.</b> 0 bytes per operation in steady state, with several handler classes in use, also with escape
 * analysis off.</li>
 * <li><b>Capacity.</b> A connect or accept that would exceed completion entries, credits, locked memory or mappings fails with
 * the name of the limit. Nothing reconnects by itself: {@link dev.sluice.Diagnostics#sentPosition()} and
 * {@link dev.sluice.Diagnostics#consumedPosition()} let layers above replay.</li>
 * </ol>
 */
package dev.sluice;
