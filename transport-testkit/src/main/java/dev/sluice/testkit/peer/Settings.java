package dev.sluice.testkit.peer;

import dev.sluice.Option;
import dev.sluice.Options;
import dev.sluice.spi.TransportProvider;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;

/** Options as text, so that they can be told to the far role as well. Immutable. */
public final class Settings {

    private static final Settings NONE = new Settings(Map.of());

    private final Map<String, String> values;

    private Settings(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Nothing set.
     *
     * @return the empty settings
     */
    public static Settings none() {
        return NONE;
    }

    /**
     * One option.
     *
     * @param option which
     * @param value as a URI's query would carry it
     * @return the settings
     */
    public static Settings of(Option<?> option, Object value) {
        return NONE.with(option, value);
    }

    /**
     * This, with one option more.
     *
     * @param option which
     * @param value as a URI's query would carry it
     * @return new settings
     */
    public Settings with(Option<?> option, Object value) {
        return with(option.name(), String.valueOf(value));
    }

    /**
     * This, with one option more.
     *
     * @param name of the option, perhaps a provider's own
     * @param value as a URI's query would carry it
     * @return new settings
     */
    public Settings with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new Settings(more);
    }

    /**
     * This, with all that others set.
     *
     * @param winner the others
     * @return new settings
     */
    public Settings with(Settings winner) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.putAll(winner.values);
        return new Settings(more);
    }

    /**
     * As a transport takes them.
     *
     * @param scheme of the transport, which knows its own options
     * @return the options
     * @throws IllegalArgumentException when one is unknown or its value does not parse
     */
    public Options options(String scheme) {
        return Options.parse(values, known(scheme));
    }

    /** As a request to the far role carries them. */
    Fields fields() {
        Fields fields = new Fields();
        values.forEach((name, value) -> fields.put("o." + name, value));
        return fields;
    }

    /** As a request carried them. */
    static Options read(Fields request, String scheme) {
        return new Settings(request.under("o.")).options(scheme);
    }

    private static Collection<Option<?>> known(String scheme) {
        for (TransportProvider provider : ServiceLoader.load(TransportProvider.class)) {
            if (provider.scheme().equals(scheme)) {
                return provider.options();
            }
        }
        throw new IllegalArgumentException("no transport '" + scheme + "' on the class path");
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
