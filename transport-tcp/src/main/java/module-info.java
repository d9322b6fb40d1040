/** The TCP transport of Sluice. */
module dev.sluice.tcp {
    requires transitive dev.sluice.api;

    provides dev.sluice.spi.TransportProvider with
            dev.sluice.tcp.TcpProvider;
}
