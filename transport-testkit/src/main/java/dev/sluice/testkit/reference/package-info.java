/**
 * The reference provider: the contract in its clearest correct form, in memory, inside one JVM (scheme {@code mem}).
 *
 * <p>Messages go through a ring for each direction, claimed in place and viewed in place. One-sided operations are carried
 * out by the initiator on the owner's memory, after the owner's table of grants has agreed; the target runs no code. File
 * operations run on a thread of the transport. {@link dev.sluice.testkit.reference.Steps} names the steps that a mutant of
 * the conformance suite breaks.
 *
 * <p>It shares {@link dev.sluice.spi.NativeRegion} and the message ring with the transports, and nothing else of their data
 * plane: as the oracle of {@code dev.sluice.spi.data} it must not have the same mistakes.
 */
package dev.sluice.testkit.reference;
