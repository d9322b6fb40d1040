package dev.sluice.bench.cli;

import dev.sluice.bench.pair.Op;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Operations by their names. */
final class OpConverter implements ITypeConverter<Op> {

    @Override
    public Op convert(String text) {
        try {
            return Op.of(text);
        } catch (IllegalArgumentException e) {
            TypeConversionException wrong = new TypeConversionException(e.getMessage());
            wrong.initCause(e);
            throw wrong;
        }
    }
}
