/**
 * The sluice command: it measures transports and their native references, serves a peer, and examines the machine.
 *
 * <p>{@code cli} parses; {@code suite} plans what is measured; {@code pair} measures one operation between two ends;
 * {@code reference} runs what others wrote; {@code report} holds figures and prints them; {@code doctor} examines.
 */
package dev.sluice.bench;
