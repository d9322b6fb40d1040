/** Other processes: JVMs with this program, programs of others, and the processors on which they run. */
package dev.sluice.bench.process;
