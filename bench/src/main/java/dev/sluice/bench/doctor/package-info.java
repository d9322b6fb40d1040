/** The examination of the machine. */
package dev.sluice.bench.doctor;
