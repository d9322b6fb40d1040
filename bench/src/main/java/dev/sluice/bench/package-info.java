/** The sluice command. */
package dev.sluice.bench;
