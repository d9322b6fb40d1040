/**
 * What the data plane of every transport needs, whatever it moves the bytes with; it was written for the first and serves
 * all.
 *
 * <ul>
 * <li>{@link dev.sluice.spi.data.CheckedConnection} finds the caller's mistakes (contract line 3), takes a slot of the
 * {@link dev.sluice.spi.data.OperationTable} for what is accepted, and leaves the rest to a few hooks of the transport.</li>
 * <li>{@link dev.sluice.spi.data.OperationTable} keeps the accepted operations: cookies, local memory in use, deadlines, and
 * the order of completion (lines 5 and 12).</li>
 * <li>{@link dev.sluice.spi.data.EventFifo} and {@link dev.sluice.spi.data.EventDelivery} keep what arrived until its handler
 * takes it (lines 2 and 7), for transports that go on reading behind an aborted message.</li>
 * <li>{@link dev.sluice.spi.data.CheckedQueue} guards poll, await and close (lines 2, 5, 14 and 16), and counts completion
 * entries; {@link dev.sluice.spi.data.ConnectionSet} holds its connections.</li>
 * <li>{@link dev.sluice.spi.data.SpinGate} lets one thread at a time at the insides of a connection;
 * {@link dev.sluice.spi.data.OwnerGate} does it for less where only a close comes from another thread.</li>
 * </ul>
 *
 * <p>Nothing here allocates once its objects are made, unless it says so.
 */
package dev.sluice.spi.data;
