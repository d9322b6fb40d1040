package dev.sluice.aeron.conn;

import dev.sluice.internal.frames.Terms;

import java.lang.foreign.MemorySegment;

/**
 * The first words of a dialling side.
 *
 * @param terms what it offers
 * @param reply how it is answered
 * @param metadata for the acceptor, read-only
 */
record Hello(Terms terms, Reply reply, MemorySegment metadata) {}
