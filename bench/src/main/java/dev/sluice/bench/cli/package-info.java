/** The subcommands and their options. */
package dev.sluice.bench.cli;
