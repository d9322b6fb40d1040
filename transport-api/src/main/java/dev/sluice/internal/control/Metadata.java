package dev.sluice.internal.control;

import dev.sluice.Options;
import dev.sluice.StandardOptions;

import java.util.HexFormat;

/** What a dialling side sends along for the acceptor. */
public final class Metadata {
    /** The most bytes that travel. */
    public static final int MAX_BYTES = 32;

    private Metadata() {}

    /**
     * Reads the option.
     *
     * @throws IllegalArgumentException when it is not hexadecimal, or too long
     */
    public static byte[] of(Options options) {
        String text = options.get(StandardOptions.METADATA);
        byte[] bytes;
        try {
            bytes = HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "option 'metadata' cannot be '" + text + "': it takes hexadecimal digits", e);
        }
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "option 'metadata' has " + bytes.length + " bytes: it takes up to " + MAX_BYTES);
        }
        return bytes;
    }
}
