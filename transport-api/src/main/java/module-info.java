/** The nouns, the results and the SPI of Sluice; nothing but {@code java.base} below it. */
module dev.sluice.api {
    exports dev.sluice.spi.ring;
}
