package dev.sluice.auto;

import java.net.URI;
import java.util.Map;

/**
 * What a rendezvous answers.
 *
 * @param token for one request over one of the transports
 * @param offers where it listens, by scheme
 */
record Answer(Token token, Map<String, URI> offers) {}
