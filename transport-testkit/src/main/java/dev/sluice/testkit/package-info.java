/** The conformance suite: the executable definition of the SPI. */
package dev.sluice.testkit;
