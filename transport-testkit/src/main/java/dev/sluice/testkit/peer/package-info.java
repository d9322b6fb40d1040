/**
 * The far role of the suite: a peer that does what a line protocol on a plain socket tells it, in this process, in a second
 * one or on another host; and the client that drives it.
 */
package dev.sluice.testkit.peer;
