package dev.sluice.bench.cli;

import dev.sluice.bench.process.Pinning;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Processors: {@code 0,1} or {@code none}. */
final class PinningConverter implements ITypeConverter<Pinning> {

    @Override
    public Pinning convert(String text) {
        try {
            return Pinning.parse(text);
        } catch (IllegalArgumentException e) {
            TypeConversionException wrong = new TypeConversionException(e.getMessage());
            wrong.initCause(e);
            throw wrong;
        }
    }
}
