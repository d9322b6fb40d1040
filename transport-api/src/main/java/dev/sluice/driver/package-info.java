/**
 * The two upper levels, written on the data plane alone: futures ({@link dev.sluice.driver.AsyncConnection}) and blocking
 * calls ({@link dev.sluice.driver.BlockingConnection}). Both live on a {@link dev.sluice.driver.Driver}, which owns one
 * {@link dev.sluice.CompletionQueue} and the one thread that polls it.
 *
 * <h2>What the levels promise</h2>
 * <ul>
 * <li>Any thread may call, virtual ones too. One thread's operations on a connection are posted in the order of its calls.
 * </li>
 * <li>{@link dev.sluice.Results#BACK_PRESSURED} is handled inside: an operation waits its turn and is posted when the
 * connection accepts again. How many may wait is bounded ({@link dev.sluice.driver.DriverOptions#PENDING_OPERATIONS}), and
 * so are the bytes received that nobody took ({@link dev.sluice.driver.DriverOptions#RECEIVE_BUFFER_BYTES}): a slow receiver
 * slows its sender and grows no memory.</li>
 * <li>Futures complete on the driver's executor, never on the polling thread, so that what hangs on them may block.</li>
 * <li>Cancelling a future, a passed deadline or an interrupt ends the wait, never the operation: the memory it uses stays
 * lent until the operation itself completes. A message that arrives for a cancelled {@code receive} goes to the next one.
 * </li>
 * <li>{@code receive} copies each message once, out of the transport's memory. Who cannot afford that copy uses the data
 * plane.</li>
 * </ul>
 *
 * <h2>Errors</h2>
 *
 * {@link dev.sluice.driver.OperationException}: an operation was accepted and ended badly, with its
 * {@link dev.sluice.Status}. {@link dev.sluice.driver.RefusedException}: it never was accepted, nothing happened, with its
 * {@linkplain dev.sluice.Results result}. {@link dev.sluice.driver.DisconnectedException}: the connection has ended.
 * {@link dev.sluice.driver.WaitTimeoutException}: the wait ended, the operation goes on. The caller's own mistakes are
 * unchecked, as on the data plane.
 */
package dev.sluice.driver;
