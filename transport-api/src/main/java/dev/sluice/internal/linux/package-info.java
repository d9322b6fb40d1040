/**
 * The Linux system calls that providers share, by the foreign-function API: sockets, epoll, event counters, memory files and
 * mappings, sendfile and splice, limits. For the providers of Sluice only; not an API.
 *
 * <p>
 * The only package of this module that links native functions. A failed call is a negative errno on the data path and an
 * {@link dev.sluice.internal.linux.ErrnoException} on the control path; {@link dev.sluice.internal.linux.NativeProbe} is to
 * be asked first.
 */
package dev.sluice.internal.linux;
