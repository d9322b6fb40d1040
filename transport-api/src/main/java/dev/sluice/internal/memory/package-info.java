/** The regions of a transport, with the pages it asks the kernel for. For the providers of Sluice only; not an API. */
package dev.sluice.internal.memory;
