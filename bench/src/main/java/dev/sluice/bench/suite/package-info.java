/** What is measured, in which order, within which time. */
package dev.sluice.bench.suite;
