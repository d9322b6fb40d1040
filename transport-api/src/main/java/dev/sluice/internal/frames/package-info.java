/**
 * A connection as a sequence of frames: what TCP and Aeron both say to their peers, whatever carries it. Messages,
 * one-sided operations by protocol, their answers, credits and last words; the moving of bytes is the transport's.
 */
package dev.sluice.internal.frames;
