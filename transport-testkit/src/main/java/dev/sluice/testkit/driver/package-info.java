/** Tests of the levels above the data plane, {@link dev.sluice.driver}, to be run over every transport. */
package dev.sluice.testkit.driver;
