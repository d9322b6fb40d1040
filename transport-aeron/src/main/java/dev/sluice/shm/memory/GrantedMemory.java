package dev.sluice.shm.memory;

/**
 * The memory behind a grant, as its owner tells the importing end.
 *
 * @param fd the memory's descriptor, of the process that has this object
 * @param position where the grant begins in it
 * @param length bytes granted
 * @param fileBytes the size of the memory
 * @param rights as bits
 */
public record GrantedMemory(int fd, long position, long length, long fileBytes, int rights) {}
