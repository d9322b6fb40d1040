package dev.sluice.bench.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.Locale;

/** Lengths: {@code 64}, {@code 64k}, {@code 1m}, {@code 1g}, in powers of 1024. */
final class SizeConverter implements ITypeConverter<Long> {

    @Override
    public Long convert(String text) {
        String t = text.toLowerCase(Locale.ROOT);
        int shift = switch (t.isEmpty() ? ' ' : t.charAt(t.length() - 1)) {
            case 'k' -> 10;
            case 'm' -> 20;
            case 'g' -> 30;
            default -> 0;
        };
        try {
            long n = Long.parseLong(shift == 0 ? t : t.substring(0, t.length() - 1));
            if (n >= 0) {
                return Math.multiplyExact(n, 1L << shift);
            }
        } catch (NumberFormatException | ArithmeticException e) {
            throw wrong(text, e);
        }
        throw wrong(text, null);
    }

    private static TypeConversionException wrong(String text, Exception cause) {
        TypeConversionException e = new TypeConversionException(
                "'" + text + "' is no length; write bytes, or 64k, 1m, 1g");
        e.initCause(cause);
        return e;
    }
}
