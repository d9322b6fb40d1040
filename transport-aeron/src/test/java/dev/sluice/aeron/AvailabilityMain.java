package dev.sluice.aeron;

import dev.sluice.Availability;

/** Says what the provider says of itself in this JVM. */
final class AvailabilityMain {

    private AvailabilityMain() {}

    /** Prints one line. */
    public static void main(String... args) {
        Availability found = new AeronProvider().availability();
        System.out.println(found.isAvailable() ? "available" : "unavailable: " + found.cause() + ". " + found.remedy());
    }
}
