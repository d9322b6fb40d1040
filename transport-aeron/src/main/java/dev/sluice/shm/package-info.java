/** Shared memory between two processes of one user on one host: {@code shm:///path}. */
package dev.sluice.shm;
