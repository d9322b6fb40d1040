/**
 * Grants and imported regions, as far as they are the same on every transport: the table of a transport whose owner checks
 * each access, and the initiator's own checks.
 */
package dev.sluice.spi.memory;
