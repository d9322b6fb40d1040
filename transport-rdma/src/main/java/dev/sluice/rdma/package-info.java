/** The transport {@code rdma}: RDMA verbs on DiSNI's API, without a native build. */
package dev.sluice.rdma;
