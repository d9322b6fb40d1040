/** The nouns of Sluice: transports, regions, queues, connections, and the results of their calls. */
package dev.sluice;
