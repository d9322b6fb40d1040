package dev.sluice;

/** How {@link Transport#openFile} opens a file. */
public enum FileMode {
    /** The file exists and is a source only. */
    READ,
    /** The file exists and is source and target. */
    READ_WRITE,
    /** Like {@link #READ_WRITE}; the file is made when it does not exist (permissions {@code 0644} less the umask). */
    CREATE
}
