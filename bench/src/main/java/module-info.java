/** The sluice command. */
module dev.sluice.bench {
    requires dev.sluice.api;
}
