/** The API of Sluice and what is written on it alone. */
@SuppressWarnings("module") // the providers, for which the Linux calls are exported, are built after this module
module dev.sluice.api {
    exports dev.sluice;
    exports dev.sluice.auto;
    exports dev.sluice.driver;
    exports dev.sluice.spi;
    exports dev.sluice.spi.data;
    exports dev.sluice.spi.memory;
    exports dev.sluice.spi.ring;
    exports dev.sluice.internal.control to
            dev.sluice.tcp,
            dev.sluice.rdma,
            dev.sluice.aeron;
    exports dev.sluice.internal.file to
            dev.sluice.tcp,
            dev.sluice.rdma,
            dev.sluice.aeron;
    exports dev.sluice.internal.frames to
            dev.sluice.tcp,
            dev.sluice.aeron;
    exports dev.sluice.internal.linux to
            dev.sluice.bench,
            dev.sluice.tcp,
            dev.sluice.rdma,
            dev.sluice.aeron;
    exports dev.sluice.internal.memory to
            dev.sluice.tcp,
            dev.sluice.rdma,
            dev.sluice.aeron;

    uses dev.sluice.spi.TransportProvider;
}
