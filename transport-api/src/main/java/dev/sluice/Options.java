package dev.sluice;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * An immutable set of options with their values. What is not set has its default.
 *
 * <p>Options given in code win over those in a URI's query; options of a connection or listener win over those of its
 * transport.
 */
public final class Options {

    private static final Options NONE = new Options(Map.of());

    private final Map<Option<?>, Object> values;

    private Options(Map<Option<?>, Object> values) {
        this.values = values;
    }

    /**
     * Nothing set.
     *
     * @return the empty set
     */
    public static Options none() {
        return NONE;
    }

    /**
     * Reads a URI's query.
     *
     * @param query keys and values
     * @param known the options that may appear
     * @return what they say
     * @throws IllegalArgumentException when a key is not known or a value does not parse; the message lists what is known
     */
    public static Options parse(Map<String, String> query, Collection<Option<?>> known) {
        Options result = NONE;
        for (Map.Entry<String, String> e : query.entrySet()) {
            Option<?> option = known.stream().filter(o -> o.name().equals(e.getKey())).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("unknown option '" + e.getKey() + "'; known here: "
                            + known.stream().map(Option::name).sorted().collect(Collectors.joining(", "))));
            result = result.plus(option, option.parse(e.getValue()));
        }
        return result;
    }

    /**
     * This, with one option set.
     *
     * @param option which
     * @param value its value
     * @param <T> its type
     * @return a new set
     */
    public <T> Options with(Option<T> option, T value) {
        return plus(option, option.type().cast(Objects.requireNonNull(value, option.name())));
    }

    /**
     * This, with everything that another set sets.
     *
     * @param winner what wins where both set something
     * @return a new set
     */
    public Options with(Options winner) {
        if (winner.values.isEmpty()) {
            return this;
        }
        Map<Option<?>, Object> merged = new LinkedHashMap<>(values);
        merged.putAll(winner.values);
        return new Options(merged);
    }

    /**
     * This, without some options: for a layer that passes on what is not its own.
     *
     * @param gone what is not set in the result
     * @return a new set
     */
    public Options without(Collection<Option<?>> gone) {
        Map<Option<?>, Object> rest = new LinkedHashMap<>(values);
        rest.keySet().removeAll(gone);
        return new Options(rest);
    }

    /**
     * This, without all but some options: for one of several readers of the same set.
     *
     * @param kept what may be set in the result
     * @return a new set
     */
    public Options only(Collection<Option<?>> kept) {
        Map<Option<?>, Object> rest = new LinkedHashMap<>(values);
        rest.keySet().retainAll(kept);
        return new Options(rest);
    }

    /**
     * The value of an option.
     *
     * @param option which
     * @param <T> its type
     * @return what was set, else its default
     */
    public <T> T get(Option<T> option) {
        Object value = values.get(option);
        return value == null ? option.defaultValue() : option.type().cast(value);
    }

    /**
     * Whether an option was set, be it to its default.
     *
     * @param option which
     * @return true when set
     */
    public boolean isSet(Option<?> option) {
        return values.containsKey(option);
    }

    /**
     * The options that were set and that are not among those given: for a provider that refuses what it does not know.
     *
     * @param known the options that may be set
     * @throws IllegalArgumentException when another one is set; the message lists what is known
     */
    public void requireOnly(Collection<Option<?>> known) {
        for (Option<?> option : values.keySet()) {
            if (!known.contains(option)) {
                throw new IllegalArgumentException("option '" + option.name() + "' does not apply here; known: "
                        + known.stream().map(Option::name).sorted().collect(Collectors.joining(", ")));
            }
        }
    }

    private Options plus(Option<?> option, Object value) {
        Map<Option<?>, Object> copy = new LinkedHashMap<>(values);
        copy.put(option, value);
        return new Options(copy);
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
