package io.cairn.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A path with its query, built from parts that may hold any character.
final class Address {
    private final StringBuilder text = new StringBuilder("/v1");
    private char separator = '?';

    private Address() {}

    static Address of(String... segments) {
        Address address = new Address();
        for (String segment : segments) {
            address.text.append('/').append(encoded(segment));
        }
        return address;
    }

    Address with(String name, @Nullable Object value) {
        if (value != null) {
            text.append(separator).append(name).append('=').append(encoded(value.toString()));
            separator = '&';
        }
        return this;
    }

    private static String encoded(String part) {
        if (part.isEmpty()) {
            throw new IllegalArgumentException("An id is empty; it needs at least one character.");
        }
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
