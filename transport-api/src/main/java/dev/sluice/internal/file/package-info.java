/**
 * Local files of a transport: opened descriptors, and the thread that waits for the disk in the poller's place. For the
 * providers of Sluice only; not an API.
 */
package dev.sluice.internal.file;
