package io.cairn.server.security;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The host names under which this server answers: its own machine's, and those that were allowed.
///
/// @param allowed names without a port; `*.example.org` allows every name that ends so
public record Hosts(List<String> allowed) {
    private static final Pattern PORT = Pattern.compile(":[0-9]*$");
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "[::1]");

    public Hosts {
        allowed = Stream.concat(LOOPBACK.stream(), allowed.stream())
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
    }

    /// Whether a Host header, with or without a port, names one of them.
    boolean admits(String host) {
        var name = PORT.matcher(host).replaceFirst("").toLowerCase(Locale.ROOT);
        return allowed.stream().anyMatch(pattern -> matches(pattern, name));
    }

    /// Whether a page from this origin may call; requests without an origin do not come from a page.
    public boolean admitsOrigin(@Nullable String origin) {
        if (origin == null) {
            return true;
        }
        try {
            var host = URI.create(origin).getHost();
            return host != null && admits(host);
        } catch (IllegalArgumentException notAnOrigin) {
            return false;
        }
    }

    private static boolean matches(String pattern, String name) {
        return pattern.startsWith("*.")
                ? name.endsWith(pattern.substring(1)) && name.length() >= pattern.length()
                : pattern.equals("*") || pattern.equals(name);
    }
}
