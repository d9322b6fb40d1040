/**
 * The control thread that providers share: descriptors watched over one epoll, deadlines, results handed to the threads that
 * wait for them; and what the transports, listeners and requests that it serves have in common. For the providers of Sluice
 * only; not an API.
 */
package dev.sluice.internal.control;
