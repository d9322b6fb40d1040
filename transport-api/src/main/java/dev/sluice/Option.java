package dev.sluice;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One typed setting: its name (which is also its key in a URI's query), default, unit and help, declared once.
 *
 * @param <T> the type of its values
 */
public final class Option<T> {

    private final String name;
    private final Class<T> type;
    private final T defaultValue;
    private final String unit;
    private final String help;
    private final Function<String, T> parser;

    private Option(String name, Class<T> type, T defaultValue, String unit, String help, Function<String, T> parser) {
        this.name = Objects.requireNonNull(name, "name");
        this.type = type;
        this.defaultValue = Objects.requireNonNull(defaultValue, "defaultValue");
        this.unit = unit;
        this.help = help;
        this.parser = parser;
    }

    /**
     * A count, 0 or more.
     *
     * @param name its name
     * @param defaultValue used when nobody sets it
     * @param help one sentence
     * @return the option
     */
    public static Option<Integer> ofCount(String name, int defaultValue, String help) {
        return new Option<>(name, Integer.class, defaultValue, "count", help, Option::parseCount);
    }

    /**
     * A 64-bit number.
     *
     * @param name its name
     * @param defaultValue used when nobody sets it
     * @param help one sentence
     * @return the option
     */
    public static Option<Long> ofLong(String name, long defaultValue, String help) {
        return new Option<>(name, Long.class, defaultValue, "number", help, Long::valueOf);
    }

    /**
     * A number of bytes. As text it may end in {@code k}, {@code m} or {@code g} (powers of 1024).
     *
     * @param name its name
     * @param defaultBytes used when nobody sets it
     * @param help one sentence
     * @return the option
     */
    public static Option<Long> ofBytes(String name, long defaultBytes, String help) {
        return new Option<>(name, Long.class, defaultBytes, "bytes", help, Option::parseBytes);
    }

    /**
     * A time span. As text it ends in {@code ns}, {@code us}, {@code ms}, {@code s} or {@code m}.
     *
     * @param name its name
     * @param defaultValue used when nobody sets it
     * @param help one sentence
     * @return the option
     */
    public static Option<Duration> ofDuration(String name, Duration defaultValue, String help) {
        return new Option<>(name, Duration.class, defaultValue, "time", help, Option::parseDuration);
    }

    /**
     * A switch: {@code true} or {@code false}.
     *
     * @param name its name
     * @param defaultValue used when nobody sets it
     * @param help one sentence
     * @return the option
     */
    public static Option<Boolean> ofSwitch(String name, boolean defaultValue, String help) {
        return new Option<>(name, Boolean.class, defaultValue, "true|false", help, Option::parseSwitch);
    }

    /**
     * A text.
     *
     * @param name its name
     * @param defaultValue used when nobody sets it
     * @param help one sentence
     * @return the option
     */
    public static Option<String> ofText(String name, String defaultValue, String help) {
        return new Option<>(name, String.class, defaultValue, "text", help, Function.identity());
    }

    /**
     * One of an enumeration, by its name in any case.
     *
     * @param name its name
     * @param defaultValue used when nobody sets it
     * @param help one sentence
     * @param <E> the enumeration
     * @return the option
     */
    public static <E extends Enum<E>> Option<E> ofChoice(String name, E defaultValue, String help) {
        Class<E> type = defaultValue.getDeclaringClass();
        String unit = Arrays.stream(type.getEnumConstants()).map(Enum::name).collect(Collectors.joining("|"));
        return new Option<>(name, type, defaultValue, unit, help,
                text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT)));
    }

    /**
     * The name, which is the key in a URI's query.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * The type of its values.
     *
     * @return the class
     */
    public Class<T> type() {
        return type;
    }

    /**
     * The value when nobody sets it.
     *
     * @return the default
     */
    public T defaultValue() {
        return defaultValue;
    }

    /**
     * The unit of its values.
     *
     * @return a word, or the words to choose from
     */
    public String unit() {
        return unit;
    }

    /**
     * What it does.
     *
     * @return one sentence
     */
    public String help() {
        return help;
    }

    /**
     * Reads a value from text, as a URI's query carries it.
     *
     * @param text the text
     * @return the value
     * @throws IllegalArgumentException when the text is not such a value; the message names option, text and unit
     */
    public T parse(String text) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    "option '" + name + "' cannot be '" + text + "'; unit: " + unit + "; meaning: " + help, e);
        }
    }

    @Override
    public String toString() {
        return name;
    }

    private static Integer parseCount(String text) {
        return Math.toIntExact(parseDigits(text));
    }

    private static Long parseBytes(String text) {
        String t = text.toLowerCase(Locale.ROOT);
        int shift = t.endsWith("k") ? 10 : t.endsWith("m") ? 20 : t.endsWith("g") ? 30 : 0;
        String digits = shift == 0 ? t : t.substring(0, t.length() - 1);
        return Math.multiplyExact(parseDigits(digits), 1L << shift);
    }

    /** Stricter than {@link Long#parseLong}, which takes signs and the digits of every script. */
    private static long parseDigits(String text) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException(text);
        }
        return Long.parseLong(text);
    }

    private static Boolean parseSwitch(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static Duration parseDuration(String text) {
        int end = 0;
        while (end < text.length() && !Character.isLetter(text.charAt(end))) {
            end++;
        }
        long n = parseDigits(text.substring(0, end));
        return switch (text.substring(end)) {
            case "ns" -> Duration.ofNanos(n);
            case "us" -> Duration.of(n, ChronoUnit.MICROS);
            case "ms" -> Duration.ofMillis(n);
            case "s" -> Duration.ofSeconds(n);
            case "m" -> Duration.ofMinutes(n);
            default -> throw new IllegalArgumentException(text);
        };
    }
}
