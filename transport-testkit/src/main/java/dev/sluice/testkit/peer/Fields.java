package dev.sluice.testkit.peer;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The named values of one request or reply: {@code key=value key=value}, each part percent-encoded, so that a line stays a
 * line. Not thread-safe.
 */
public final class Fields {

    private final Map<String, String> values = new LinkedHashMap<>();

    /** No values yet. */
    public Fields() {}

    /**
     * Some values.
     *
     * @param keysAndValues alternately a key and its value
     * @return the fields
     * @throws IllegalArgumentException for an odd number of arguments
     */
    public static Fields of(Object... keysAndValues) {
        if (keysAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("keys and values must alternate");
        }
        Fields fields = new Fields();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            fields.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return fields;
    }

    /**
     * Reads a line.
     *
     * @param line what {@link #line()} made
     * @return the fields
     * @throws IllegalArgumentException when a part is not {@code key=value}
     */
    public static Fields parse(String line) {
        Fields fields = new Fields();
        for (String part : line.strip().split(" +", -1)) {
            int eq = part.indexOf('=');
            if (eq > 0) {
                fields.put(decode(part.substring(0, eq)), decode(part.substring(eq + 1)));
            } else if (!part.isEmpty()) {
                throw new IllegalArgumentException("'" + part + "' is not key=value");
            }
        }
        return fields;
    }

    /**
     * Sets a value.
     *
     * @param key its name
     * @param value its value, taken as text
     * @return this
     */
    public Fields put(String key, Object value) {
        values.put(key, String.valueOf(value));
        return this;
    }

    /**
     * Sets what another has.
     *
     * @param other the values, which win
     * @return this
     */
    public Fields putAll(Fields other) {
        values.putAll(other.values);
        return this;
    }

    /**
     * Whether a value is there.
     *
     * @param key its name
     * @return true when set
     */
    public boolean has(String key) {
        return values.containsKey(key);
    }

    /**
     * A text.
     *
     * @param key its name
     * @return the value
     * @throws IllegalArgumentException when it is not there
     */
    public String text(String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("'" + key + "' is missing in: " + line());
        }
        return value;
    }

    /**
     * A text that may be absent.
     *
     * @param key its name
     * @param absent what to answer then
     * @return the value
     */
    public String text(String key, String absent) {
        return values.getOrDefault(key, absent);
    }

    /**
     * A number.
     *
     * @param key its name
     * @return the value
     * @throws IllegalArgumentException when it is not there or not a number
     */
    public long number(String key) {
        return Long.parseLong(text(key));
    }

    /**
     * A number that may be absent.
     *
     * @param key its name
     * @param absent what to answer then
     * @return the value
     * @throws IllegalArgumentException when it is not a number
     */
    public long number(String key, long absent) {
        return has(key) ? number(key) : absent;
    }

    /**
     * The values whose keys begin alike, with the beginning cut off.
     *
     * @param prefix the beginning
     * @return keys and values
     */
    public Map<String, String> under(String prefix) {
        Map<String, String> result = new LinkedHashMap<>();
        values.forEach((k, v) -> {
            if (k.startsWith(prefix)) {
                result.put(k.substring(prefix.length()), v);
            }
        });
        return result;
    }

    /**
     * The one-line form.
     *
     * @return the line, without its end
     */
    public String line() {
        return values.entrySet().stream().map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
                .collect(Collectors.joining(" "));
    }

    @Override
    public String toString() {
        return values.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
