package dev.sluice.internal.linux;

/** Prints what the probe finds in a JVM of its own. */
final class ProbeMain {
    private ProbeMain() {}

    /**
     * Runs the probe.
     *
     * @param arguments
     *            none
     */
    public static void main(String[] arguments) {
        NativeAvailability found = NativeProbe.availability();
        System.out.println("available=" + found.isAvailable());
        System.out.println("cause=" + found.cause());
        System.out.println("remedy=" + found.remedy());
    }
}
