/** Figures, and the ways to show them: a table, JSON, HdrHistogram's own files. */
package dev.sluice.bench.report;
