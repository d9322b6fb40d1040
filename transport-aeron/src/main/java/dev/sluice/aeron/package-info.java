/** Aeron: messages, one-sided operations and files over UDP or shared memory, by way of a media driver. */
package dev.sluice.aeron;
