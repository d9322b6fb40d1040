/** The data plane of the TCP transport: frames, rings, operations, queues. Nothing here allocates or blocks once it runs. */
package dev.sluice.tcp.data;
