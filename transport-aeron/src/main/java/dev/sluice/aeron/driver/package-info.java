/** Media drivers and Aeron clients of this process, and the names of IPC listeners. */
package dev.sluice.aeron.driver;
