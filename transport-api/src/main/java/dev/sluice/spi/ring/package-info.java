/**
 * The message ring that providers share: one producer, one consumer, records in a power-of-two span of
 * bytes, positions that only grow.
 *
 * <p>It comes in two layers. {@link dev.sluice.spi.ring.RingSpace} and {@link dev.sluice.spi.ring.RingScan}
 * keep the books of the two ends and publish nothing; a provider whose bytes are placed by a device drives
 * them from its completions. {@link dev.sluice.spi.ring.RingProducer} and
 * {@link dev.sluice.spi.ring.RingConsumer} add publication by CPU stores in memory that both ends map.
 * {@link dev.sluice.spi.ring.RingLayout} is the format that all of them agree on.
 *
 * <h2>Memory order</h2>
 *
 * <p>Two longs cross between the ends, each written by one end only.
 *
 * <ul>
 * <li>The <em>producer position</em> is stored with release after the records below it were written with plain
 * stores, and loaded with acquire by the consumer before it looks at them: whatever lies below an observed
 * producer position is complete.
 * <li>The <em>consumer position</em> is stored with release after the last load from the records below it. A
 * release store does not let earlier loads sink below it, and the producer loads it with acquire, which does not
 * let its later stores rise above it: bytes are never overwritten while they are still being read.
 * </ul>
 *
 * <p>The same holds between two processes that map the same pages, since caches are coherent by physical address.
 * Neither end needs sequential consistency. A provider whose consumer sleeps does: between
 * {@link dev.sluice.spi.ring.RingProducer#publish()} and its look at the "consumer sleeps" flag it needs
 * {@link java.lang.invoke.VarHandle#fullFence()}, as does the consumer between raising the flag and its last look
 * at the ring, or a wake-up can be lost.
 *
 * <h2>Trust</h2>
 *
 * <p>The other end may write anything at any time. Whatever it can write is read once, checked, and used from
 * the checked copy; what cannot be true is reported as {@link dev.sluice.spi.ring.RingLayout#CORRUPT} with a
 * {@link dev.sluice.spi.ring.RingFault}, which stays: the provider ends the connection.
 */
package dev.sluice.spi.ring;
