package io.cairn.server.http;

import java.util.List;
import java.util.function.BiConsumer;

/// The headers on every answer that keep browsers from guessing, framing, storing and falling back to plain HTTP.
final class SafeHeaders {
    private record Header(String name, String value) {}

    private static final List<Header> ALL = List.of(
            new Header("Content-Security-Policy", "default-src 'self'"),
            new Header("Strict-Transport-Security", "max-age=31536000 ; includeSubDomains"),
            new Header("X-Content-Type-Options", "nosniff"),
            new Header("X-Frame-Options", "DENY"),
            new Header("X-XSS-Protection", "0"),
            new Header("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate"),
            new Header("Pragma", "no-cache"),
            new Header("Expires", "0"));

    private SafeHeaders() {}

    static void put(BiConsumer<String, String> response) {
        ALL.forEach(header -> response.accept(header.name(), header.value()));
    }
}
