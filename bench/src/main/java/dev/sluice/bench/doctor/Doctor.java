package dev.sluice.bench.doctor;

import dev.sluice.Availability;
import dev.sluice.Limits;
import dev.sluice.Options;
import dev.sluice.Sluice;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.bench.report.Environment;
import dev.sluice.bench.report.Texts;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Examines the machine and this JVM for what the transports need. Changes nothing. */
public final class Doctor {

    private static final int JDK = 25;

    private Doctor() {}

    /**
     * Examines.
     *
     * @return what was found, in the order to read it
     */
    public static List<Finding> examine() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok("machine", Environment.ofThisMachine().line()));
        findings.add(system());
        findings.add(jdk());
        findings.add(Finding.ok("JVM flags", flags()));
        findings.add(nativeAccess());
        Kernel kernel = Kernel.ofThisMachine();
        findings.add(kernel.lockedMemory());
        findings.add(kernel.openFiles());
        findings.add(kernel.mappings());
        findings.add(kernel.memory());
        findings.add(kernel.sharedFiles());
        findings.add(kernel.hugePages());
        findings.add(kernel.transparentHugePages());
        findings.add(kernel.sharedHugePages());
        findings.add(kernel.socketBuffers());
        findings.addAll(new RdmaDevices(Path.of("/")).examine());
        findings.addAll(transports());
        findings.addAll(Choice.here());
        return findings;
    }

    private static Finding system() {
        String os = System.getProperty("os.name");
        String arch = System.getProperty("os.arch");
        boolean known = os.equals("Linux") && (arch.equals("amd64") || arch.equals("aarch64"));
        return known
                ? Finding.ok("system", os + " " + arch)
                : Finding.bad("system", os + " " + arch, "Sluice runs on Linux, x86-64 or aarch64");
    }

    private static Finding jdk() {
        String found = Runtime.version() + ", " + System.getProperty("java.home");
        return Runtime.version().feature() >= JDK
                ? Finding.ok("JDK", found)
                : Finding.bad("JDK", found, "run it with JDK " + JDK + " or newer");
    }

    private static String flags() {
        List<String> flags = ManagementFactory.getRuntimeMXBean().getInputArguments();
        return flags.isEmpty() ? "none" : String.join(" ", flags);
    }

    private static Finding nativeAccess() {
        Module module = Doctor.class.getModule();
        if (module.isNamed()) {
            return Finding.note("native access", "Sluice runs as modules",
                    "name each provider: --enable-native-access=dev.sluice.api");
        }
        return module.isNativeAccessEnabled()
                ? Finding.ok("native access", "enabled for the class path")
                : Finding.bad("native access", "not enabled for the class path",
                        "start the JVM with --enable-native-access=ALL-UNNAMED");
    }

    private static List<Finding> transports() {
        List<Availability> all = Sluice.availability();
        if (all.isEmpty()) {
            return List.of(Finding.bad("transports", "none on the class path",
                    "add one, such as the artifact sluice-transport-tcp"));
        }
        return all.stream().map(a -> a.isAvailable()
                ? opened(a.scheme())
                : Finding.note("transport " + a.scheme(), "not available: " + a.cause(), a.remedy())).toList();
    }

    /** Opens it with its defaults, as a user would: what it says then is what counts. */
    private static Finding opened(String scheme) {
        String what = "transport " + scheme;
        try (Transport transport = Sluice.open(URI.create(scheme + ":///"), Options.none())) {
            Limits limits = transport.limits();
            return Finding.ok(what, "messages to " + Texts.size(limits.maxMessageBytes()) + ", claims to "
                    + Texts.size(limits.maxClaimBytes()) + ", " + limits.maxOutstandingOperations() + " operations and "
                    + limits.maxOutstandingReads() + " reads outstanding; grants are enforced by the "
                    + transport.capabilities().enforcement().name().toLowerCase(Locale.ROOT));
        } catch (SluiceException e) {
            return Finding.bad(what, "cannot be opened: " + e.getMessage(), "");
        }
    }
}
