/**
 * For those who write a transport: the provider interface, and the pieces that providers share. Applications need nothing of
 * it.
 */
package dev.sluice.spi;
