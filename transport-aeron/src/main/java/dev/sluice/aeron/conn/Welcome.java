package dev.sluice.aeron.conn;

import dev.sluice.internal.frames.Terms;

/**
 * The acceptor's yes.
 *
 * @param terms what it offers
 * @param controlStream where it listens for beats
 * @param dataStream where it listens for data
 */
record Welcome(Terms terms, int controlStream, int dataStream) {}
