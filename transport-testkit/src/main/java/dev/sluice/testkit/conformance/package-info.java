/** The tests of the contract, one class for each theme, and the kit they are written with. */
package dev.sluice.testkit.conformance;
