/** Files of the TCP transport: opened descriptors, and the thread that waits for the disk in the poller's place. */
package dev.sluice.tcp.file;
