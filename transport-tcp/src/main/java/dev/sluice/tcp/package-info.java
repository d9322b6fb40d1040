/** The TCP transport. */
package dev.sluice.tcp;
