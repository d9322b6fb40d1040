package dev.sluice.spi;

import dev.sluice.Option;
import dev.sluice.Options;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A transport's address, taken apart: {@code scheme://host:port/path?key=value}. The authority is parsed here because
 * {@link URI} yields no host for names with {@code _} or {@code *}; IPv6 literals stand in brackets, with a scope where they
 * need one ({@code [fe80::1%eth0]}).
 */
public final class SluiceUri {

    /** What {@link #port()} is when the address names none. */
    public static final int NO_PORT = -1;

    private final URI uri;
    private final String scheme;
    private final String host;
    private final int port;
    private final Map<String, String> query;

    private SluiceUri(URI uri, String scheme, String host, int port, Map<String, String> query) {
        this.uri = uri;
        this.scheme = scheme;
        this.host = host;
        this.port = port;
        this.query = query;
    }

    /**
     * Takes an address apart.
     *
     * @param uri the address
     * @return its parts
     * @throws IllegalArgumentException when it has no scheme, its port is not a number from 0 to 65535, or a bracket or key
     *         is malformed
     */
    public static SluiceUri parse(URI uri) {
        if (uri.getScheme() == null) {
            throw new IllegalArgumentException("'" + uri + "' has no scheme; write tcp://host:port");
        }
        if (uri.isOpaque()) {
            throw new IllegalArgumentException("'" + uri + "' has no // after its scheme; write tcp://host:port");
        }
        String authority = authority(uri);
        if (authority.indexOf('@') >= 0) {
            throw new IllegalArgumentException("'" + uri + "': user information has no meaning here");
        }
        int colon = portColon(uri, authority);
        String host = colon < 0 ? authority : authority.substring(0, colon);
        int port = colon < 0 ? NO_PORT : port(uri, authority.substring(colon + 1));
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        return new SluiceUri(uri, uri.getScheme().toLowerCase(Locale.ROOT), host, port, query(uri));
    }

    /**
     * Puts an address together; an IPv6 literal gets its brackets, a {@code %} of its scope is kept readable by
     * {@link #parse}.
     *
     * @param scheme the scheme
     * @param host name or literal
     * @param port from 0 to 65535
     * @return the address
     */
    public static URI of(String scheme, String host, int port) {
        String h = host.indexOf(':') >= 0 ? "[" + host.replace("%", "%25") + "]" : host;
        return URI.create(scheme + "://" + h + ":" + port);
    }

    /**
     * The scheme, in lower case.
     *
     * @return the scheme
     */
    public String scheme() {
        return scheme;
    }

    /**
     * The host without brackets.
     *
     * @return the host, empty when there is none
     */
    public String host() {
        return host;
    }

    /**
     * The port.
     *
     * @return 0 to 65535, or {@link #NO_PORT}
     */
    public int port() {
        return port;
    }

    /**
     * The path, decoded.
     *
     * @return the path, may be empty
     */
    public String path() {
        return uri.getPath() == null ? "" : uri.getPath();
    }

    /**
     * The options in the query, overridden by those given in code.
     *
     * @param known the options that may appear
     * @param winner given in code
     * @return both
     * @throws IllegalArgumentException when one is unknown or does not parse
     */
    public Options options(Collection<Option<?>> known, Options winner) {
        winner.requireOnly(known);
        return Options.parse(query, known).with(winner);
    }

    /**
     * The options of one of several readers of the same address, overridden by those given in code.
     *
     * @param own the reader's
     * @param all those of all readers
     * @param winner given in code
     * @return those of the reader that are set
     * @throws IllegalArgumentException when one is unknown to all, or one of the reader's does not parse
     */
    public Options optionsOf(Collection<Option<?>> own, Collection<Option<?>> all, Options winner) {
        options(all, winner);
        Map<String, String> mine = new LinkedHashMap<>(query);
        mine.keySet().retainAll(own.stream().map(Option::name).toList());
        return Options.parse(mine, own).with(winner.only(own));
    }

    /**
     * One option of the query, whatever else it says.
     *
     * @param option which
     * @param <T> its type
     * @return what the query says, else its default
     * @throws IllegalArgumentException when it does not parse
     */
    public <T> T get(Option<T> option) {
        String text = query.get(option.name());
        return text == null ? option.defaultValue() : option.parse(text);
    }

    @Override
    public String toString() {
        return uri.toString();
    }

    private static String authority(URI uri) {
        String raw = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        // RFC 6874 writes the % of a scope as %25; java.net.URI also takes the bare one.
        return raw.startsWith("[") ? raw.replaceFirst("%25(?=[^\\]])", "%") : decode(raw);
    }

    private static int portColon(URI uri, String authority) {
        if (!authority.startsWith("[")) {
            int colon = authority.indexOf(':');
            if (colon != authority.lastIndexOf(':')) {
                throw new IllegalArgumentException("'" + uri + "': an IPv6 address stands in brackets, as [::1]");
            }
            return colon;
        }
        int bracket = authority.indexOf(']');
        if (bracket < 0 || (bracket + 1 < authority.length() && authority.charAt(bracket + 1) != ':')) {
            throw new IllegalArgumentException("'" + uri + "': after [address] only :port may follow");
        }
        return bracket + 1 < authority.length() ? bracket + 1 : -1;
    }

    private static int port(URI uri, String text) {
        if (text.matches("\\d{1,5}")) {
            int port = Integer.parseInt(text);
            if (port <= 65_535) {
                return port;
            }
        }
        throw new IllegalArgumentException("'" + uri + "': the port must be a number from 0 to 65535");
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> result = new LinkedHashMap<>();
        if (uri.getRawQuery() == null || uri.getRawQuery().isEmpty()) {
            return result;
        }
        for (String pair : uri.getRawQuery().split("&", -1)) {
            int eq = pair.indexOf('=');
            if (eq < 1) {
                throw new IllegalArgumentException("'" + uri + "': '" + pair + "' is not key=value");
            }
            String key = decode(pair.substring(0, eq));
            if (result.put(key, decode(pair.substring(eq + 1))) != null) {
                throw new IllegalArgumentException("'" + uri + "': '" + key + "' is given twice");
            }
        }
        return result;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
