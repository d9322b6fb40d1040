package dev.sluice.spi;

import dev.sluice.RemoteRegion;
import dev.sluice.Right;
import dev.sluice.SluiceException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The 64 bytes of a grant on their way to the peer; little-endian, version 1.
 *
 * <pre>
 *  0  int   magic "SLGR"        24  long  key, the owner's secret
 *  4  short version             32  long  address or first offset, as the transport needs it
 *  6  short rights, a bit each  40  long  length in bytes
 *  8  long  scheme, 8 bytes     48  long  of the transport's own use
 * 16  long  owner's connection  56  long  zero
 * </pre>
 *
 * The form carries no seal: what is altered on its way is refused by whoever enforces the grant.
 */
public final class EncodedGrant {

    /** The bit of {@link Right#READ}, as {@link #bits} gives it. */
    public static final int READ = 1;
    /** The bit of {@link Right#WRITE}. */
    public static final int WRITE = 2;
    /** The bit of {@link Right#ATOMIC}. */
    public static final int ATOMIC = 4;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int MAGIC = 0x5247_4c53;
    private static final short VERSION = 1;
    private static final int ALL_RIGHTS = bits(EnumSet.allOf(Right.class));
    private static final Pattern SCHEME = Pattern.compile("\\p{ASCII}{1,8}");

    private final long connection;
    private final long key;
    private final long address;
    private final long length;
    private final long extra;
    private final Set<Right> rights;

    /**
     * A grant to encode.
     *
     * @param connection the owner's own name for the connection
     * @param key what proves the grant to the owner
     * @param address where the memory begins, in the transport's own terms
     * @param length bytes
     * @param extra of the transport's own use
     * @param rights what is granted
     */
    public EncodedGrant(long connection, long key, long address, long length, long extra, Set<Right> rights) {
        this.connection = connection;
        this.key = key;
        this.address = address;
        this.length = length;
        this.extra = extra;
        this.rights = Set.copyOf(rights);
    }

    /**
     * Writes the 64 bytes.
     *
     * @param scheme the transport's scheme, 1 to 8 ASCII characters
     * @param to where to
     * @param offset the first byte
     * @throws IndexOutOfBoundsException when they do not fit
     */
    public void encode(String scheme, MemorySegment to, long offset) {
        Objects.checkFromIndexSize(offset, RemoteRegion.ENCODED_BYTES, to.byteSize());
        to.set(INT, offset, MAGIC);
        to.set(SHORT, offset + 4, VERSION);
        to.set(SHORT, offset + 6, (short) bits(rights));
        to.set(LONG, offset + 8, packed(scheme));
        to.set(LONG, offset + 16, connection);
        to.set(LONG, offset + 24, key);
        to.set(LONG, offset + 32, address);
        to.set(LONG, offset + 40, length);
        to.set(LONG, offset + 48, extra);
        to.set(LONG, offset + 56, 0);
    }

    /**
     * Reads the 64 bytes.
     *
     * @param scheme the transport's scheme
     * @param from where from
     * @param offset the first byte
     * @return the grant
     * @throws SluiceException when they are not a grant of this scheme and version
     * @throws IndexOutOfBoundsException when there are fewer bytes
     */
    public static EncodedGrant decode(String scheme, MemorySegment from, long offset) throws SluiceException {
        Objects.checkFromIndexSize(offset, RemoteRegion.ENCODED_BYTES, from.byteSize());
        if (from.get(INT, offset) != MAGIC) {
            throw malformed("they do not begin with the mark of a grant");
        }
        if (from.get(SHORT, offset + 4) != VERSION) {
            throw malformed("they are of version " + from.get(SHORT, offset + 4) + ", known here is " + VERSION);
        }
        if (from.get(LONG, offset + 8) != packed(scheme)) {
            throw malformed("they are not of transport '" + scheme + "'");
        }
        int rights = Short.toUnsignedInt(from.get(SHORT, offset + 6));
        long length = from.get(LONG, offset + 40);
        if (rights == 0 || (rights & ~ALL_RIGHTS) != 0 || length < 1 || from.get(LONG, offset + 56) != 0) {
            throw malformed("their rights, length or reserved bytes make no sense");
        }
        return new EncodedGrant(from.get(LONG, offset + 16), from.get(LONG, offset + 24), from.get(LONG, offset + 32),
                length, from.get(LONG, offset + 48), set(rights));
    }

    /**
     * The owner's name for the connection.
     *
     * @return the name
     */
    public long connection() {
        return connection;
    }

    /**
     * What proves the grant.
     *
     * @return the key
     */
    public long key() {
        return key;
    }

    /**
     * Where the memory begins.
     *
     * @return in the transport's own terms
     */
    public long address() {
        return address;
    }

    /**
     * How long it is.
     *
     * @return bytes, at least 1
     */
    public long length() {
        return length;
    }

    /**
     * Of the transport's own use.
     *
     * @return the value
     */
    public long extra() {
        return extra;
    }

    /**
     * What is granted.
     *
     * @return an immutable set
     */
    public Set<Right> rights() {
        return rights;
    }

    /**
     * Rights as bits: {@link #READ}, {@link #WRITE} and {@link #ATOMIC}. A part of the form, so
     * independent of the order of the constants.
     *
     * @param rights the set
     * @return the bits
     */
    public static int bits(Set<Right> rights) {
        int bits = 0;
        for (Right right : rights) {
            bits |= bit(right);
        }
        return bits;
    }

    private static int bit(Right right) {
        return switch (right) {
            case READ -> READ;
            case WRITE -> WRITE;
            case ATOMIC -> ATOMIC;
        };
    }

    private static Set<Right> set(int bits) {
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (Right right : Right.values()) {
            if ((bits & bit(right)) != 0) {
                rights.add(right);
            }
        }
        return rights;
    }

    private static long packed(String scheme) {
        if (!SCHEME.matcher(scheme).matches()) {
            throw new IllegalArgumentException("a scheme has 1 to 8 ASCII characters, '" + scheme + "' has not");
        }
        long packed = 0;
        for (int i = 0; i < scheme.length(); i++) {
            packed |= (long) scheme.charAt(i) << (8 * i);
        }
        return packed;
    }

    private static SluiceException malformed(String why) {
        return new SluiceException("these 64 bytes are not an encoded grant: " + why, 0, "",
                "Send the bytes of Grant.encode unchanged, to the peer of the same connection");
    }
}
