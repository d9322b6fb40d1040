package dev.sluice.bench.pair;

/**
 * What transfers of a file measured; an operation is the whole file.
 *
 * @param measurement the times of whole transfers
 * @param fileBytes the length of the file
 * @param cpuNs the processor time of this process meanwhile, all threads, spinning included
 */
public record FileMeasurement(Measurement measurement, long fileBytes, long cpuNs) {}
