/** The native tools and other libraries that Sluice is compared with. */
package dev.sluice.bench.reference;
