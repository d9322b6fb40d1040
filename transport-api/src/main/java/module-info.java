/** The API of Sluice and what is written on it alone. */
module dev.sluice.api {
    exports dev.sluice;
    exports dev.sluice.driver;
    exports dev.sluice.spi;
    exports dev.sluice.spi.ring;

    uses dev.sluice.spi.TransportProvider;
}
