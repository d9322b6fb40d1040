/** One measurement between two ends: the near end drives and times, the far end, in the peer, answers. */
package dev.sluice.bench.pair;
