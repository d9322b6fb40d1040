/** Short programs that show Sluice at work. */
package dev.sluice.examples;
