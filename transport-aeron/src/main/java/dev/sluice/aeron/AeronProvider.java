package dev.sluice.aeron;

import dev.sluice.Availability;
import dev.sluice.Option;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.aeron.conn.AeronTransport;
import dev.sluice.internal.linux.NativeAvailability;
import dev.sluice.internal.linux.NativeProbe;
import dev.sluice.spi.SluiceUri;
import dev.sluice.spi.TransportProvider;

import java.net.URI;
import java.security.CodeSource;
import java.util.Collection;

/** The provider of {@code aeron://host:port} (UDP) and {@code aeron:///name} (IPC). */
public final class AeronProvider implements TransportProvider {
    private static final String FLAG = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED";

    /** For {@link java.util.ServiceLoader}. */
    public AeronProvider() {}

    @Override
    public String scheme() {
        return "aeron";
    }

    @Override
    public Availability availability() {
        NativeAvailability natives = NativeProbe.availability();
        if (!natives.isAvailable()) {
            return Availability.unavailable("aeron", natives.cause(), natives.remedy());
        }
        if (!Object.class.getModule().isOpen("jdk.internal.misc", AeronProvider.class.getModule())) {
            return Availability.unavailable("aeron", "Agrona, which Aeron stands on, may not use jdk.internal.misc",
                    "Start java with " + FLAG);
        }
        return libraries();
    }

    /** Looks without linking: these classes must not be touched before the flag is known to be there. */
    private static Availability libraries() {
        try {
            ClassLoader loader = AeronProvider.class.getClassLoader();
            String aeron = origin(Class.forName("io.aeron.Aeron", false, loader));
            String agrona = origin(Class.forName("org.agrona.UnsafeApi", false, loader));
            Class.forName("io.aeron.driver.MediaDriver", false, loader);
            return aeron.equals(agrona)
                    ? Availability.available("aeron")
                    : Availability.unavailable("aeron", "Aeron comes from " + aeron + " and Agrona from " + agrona
                            + ", which may not fit each other",
                            "Have io.aeron:aeron-all on the class path, and no org.agrona:agrona beside it");
        } catch (ClassNotFoundException e) {
            return Availability.unavailable("aeron", "the class " + e.getMessage() + " is not on the class path",
                    "Add io.aeron:aeron-all, on which sluice-transport-aeron depends, to the class path");
        }
    }

    private static String origin(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        return source == null ? "an unknown place" : String.valueOf(source.getLocation());
    }

    @Override
    public Collection<Option<?>> options() {
        return AeronOptions.all();
    }

    @Override
    public Transport open(URI uri, Options options) throws SluiceException {
        Availability available = availability();
        if (!available.isAvailable()) {
            throw new SluiceException(available.cause(), 0, uri.toString(), available.remedy());
        }
        return new AeronTransport(options(), SluiceUri.parse(uri).options(options(), options));
    }
}
