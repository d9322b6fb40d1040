/** The TCP transport. */
module dev.sluice.tcp {
    requires transitive dev.sluice.api;
}
