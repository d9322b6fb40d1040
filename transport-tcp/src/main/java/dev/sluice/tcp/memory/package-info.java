/** The regions of the TCP transport. */
package dev.sluice.tcp.memory;
