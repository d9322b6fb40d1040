/**
 * Data plane of shared memory: two rings per connection, operations done by the initiator itself, and the doorbells that let
 * pollers sleep. Allocates nothing, blocks never, and calls the system for nothing but to wake a peer that sleeps.
 */
package dev.sluice.shm.data;
