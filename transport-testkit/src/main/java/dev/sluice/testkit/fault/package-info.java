/** Wrappers that let something go wrong at the Nth operation of a transport or a connection, chosen by a seed. */
package dev.sluice.testkit.fault;
