/** The data plane of Aeron: a stream in each direction, one frame in each fragment. Allocates nothing once made. */
package dev.sluice.aeron.data;
