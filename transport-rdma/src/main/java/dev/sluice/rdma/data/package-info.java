/**
 * The data plane: queues, connections, rings, work requests.
 *
 * <p>A message is a record of a byte ring ({@link dev.sluice.spi.ring}) in the receiver's registered memory. The sender fills it
 * by write-with-immediate out of registered memory of its own; the immediate says how many bytes became visible, so that the
 * receiver is driven by completions and never looks at memory to learn of a message. The receiver returns credits (how far it
 * has consumed, how many receives it has posted again) by a small inline write-with-immediate whenever a quarter is due; since
 * receives are posted again before their credit returns, a message never meets a missing one.
 *
 * <p>One gate for each queue lets one thread at a time at its completion queue and at what its connections post: the poller, a
 * thread that closes, or the control thread with a heartbeat. Handlers run without it.
 */
package dev.sluice.rdma.data;
